package io.sfumato.encoders.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the engine keeps for a backward pass is there when it runs, whatever Java has closed and collected by then. */
class EngineMemoryTest {
  private static final int TIMES = 50;

  private final TensorRuntime runtime = TensorRuntime.get();
  private final Kernels kernels = runtime.kernels();

  @Test
  void gradientsOfScaledArraysAreRightAfterACollection() throws InterruptedException {
    try (Scope scope = runtime.scope()) {
      NDArray x = variable(scope, 3, 4);
      NDArray sum = kernels.scaled(scope, x, 0.25).sum();
      for (int i = 1; i < TIMES; i++) {
        sum = sum.add(kernels.scaled(scope, x, 0.25).sum()).add(kernels.divided(scope, x, 4).sum());
      }
      collect();
      assertThat(gradient(scope, sum, x)).containsExactly(0.25f * (2 * TIMES - 1), 0.25f * (2 * TIMES - 1));
    }
  }

  @Test
  void gradientsReadArraysOfScopesThatAreClosed() throws InterruptedException {
    try (Scope scope = runtime.scope()) {
      NDArray x = variable(scope, 3, 4);
      NDArray sum = scope.floats(new float[1]);
      for (int i = 0; i < TIMES; i++) {
        sum = sum.add(scope.condense(inner -> {
          NDArray swapped = kernels.rows(inner, x, inner.longs(new long[]{1, 0}, 2));
          return inner.own(swapped.mul(inner.floats(new float[]{2, 5}, 2))).sum();
        }));
      }
      collect();
      assertThat(gradient(scope, sum, x)).containsExactly(5f * TIMES, 2f * TIMES);
    }
  }

  @Test
  void constantsOnTheMemoryOfClosedArraysKeepTheirValues() throws InterruptedException {
    try (Scope scope = runtime.scope()) {
      List<NDArray> constants = new ArrayList<>();
      for (int i = 0; i < TIMES; i++) {
        try (NDArray floats = runtime.permanentFloats(new float[]{1, -2}, new Shape(2));
            NDArray longs = runtime.permanentLongs(new long[]{7, 8}, new Shape(2));
            Scope inner = scope.child()) {
          constants.add(Autograd.constant(scope, floats));
          constants.add(Autograd.constant(scope, longs));
          constants.add(Autograd.constant(scope, inner.matrix(new float[][]{{1, -2}})));
        }
      }
      collect();
      for (int i = 0; i < constants.size(); i += 3) {
        assertThat(constants.get(i).toFloatArray()).containsExactly(1, -2);
        assertThat(constants.get(i + 1).toLongArray()).containsExactly(7, 8);
        assertThat(constants.get(i + 2).toFloatArray()).containsExactly(1, -2);
      }
    }
  }

  @Test
  void aShapeSaysHowManyValues() {
    try (Scope scope = runtime.scope()) {
      assertThat(scope.floats(new float[]{3}).toFloatArray()).containsExactly(3);
      assertThat(scope.floats(new float[0], 0, 5).getShape()).isEqualTo(new Shape(0, 5));
      assertThat(scope.longs(new long[0], 0).size()).isZero();
      assertThatThrownBy(() -> scope.floats(new float[3], 2)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("3");
      assertThatThrownBy(() -> scope.longs(new long[3], 4)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static NDArray variable(Scope scope, float... values) {
    NDArray x = scope.floats(values, values.length);
    x.setRequiresGradient(true);
    return x;
  }

  private static float[] gradient(Scope scope, NDArray loss, NDArray by) {
    return Objects.requireNonNull(Autograd.gradients(scope, loss, List.of(by)).get(0)).toFloatArray();
  }

  /** Collects garbage and writes other numbers where memory was given back. */
  private static void collect() throws InterruptedException {
    for (int round = 0; round < 3; round++) {
      System.gc();
      Thread.sleep(50); // the buffers of what was collected are freed by another thread
      for (int i = 0; i < 2000; i++) {
        ByteBuffer other = ByteBuffer.allocateDirect(8 + i % 3 * 8);
        while (other.hasRemaining()) {
          other.put((byte) 0x41);
        }
      }
    }
  }
}
