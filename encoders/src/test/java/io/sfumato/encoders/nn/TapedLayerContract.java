package io.sfumato.encoders.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.nn.TinyModels.Net;
import io.sfumato.encoders.runtime.OneThread;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every layer with a per-example rule must do, and every network of such layers. Whoever adds a layer extends this: says
 * how the layer is made, and gives it two batches of {@value #ROWS} rows.
 */
@ExtendWith(OneThread.class)
abstract class TapedLayerContract {
  static final int ROWS = 6;
  private static final int[] UNITS = {2, 0, 0, 2, 1, 2};

  private Net net;

  /** A new layer or network. */
  abstract Net open();

  /** A batch. */
  abstract NDArray first(Scope scope);

  /** Another batch, of another length or size of image where the layer takes it. */
  abstract NDArray second(Scope scope);

  @BeforeEach
  void openNet() {
    net = open();
  }

  @AfterEach
  void closeNet() {
    net.close();
  }

  @Test
  void sumsAndNormsAreThoseOfMicrobatchesOfOne() {
    Microbatches.check(net.parameters(), this::once, this::batch, null);
  }

  @Test
  void severalRowsAreOneUnit() {
    Microbatches.check(net.parameters(), this::once, this::batch, UNITS);
  }

  @Test
  void twoUsesHaveTheirCrossTerms() {
    Microbatches.check(net.parameters(), this::twice, this::batches, null);
    Microbatches.check(net.parameters(), this::twice, this::batches, UNITS);
  }

  @Test
  void anyParameterMayBeFrozen() {
    List<Parameter> all = net.parameters();
    for (Parameter frozen : all.size() == 1 ? List.<Parameter>of() : all) {
      frozen.setTrainable(false);
      Microbatches.check(all, this::once, this::batch, null);
      frozen.setTrainable(true);
    }
  }

  @Test
  void aForwardPassWithoutTheTapeIsRefusedByName() {
    try (Scope scope = TensorRuntime.get().scope()) {
      Tape tape = new Tape(scope, ROWS, net.parameters());
      NDArray loss = twice(scope, batches(scope), null);
      assertThatThrownBy(() -> tape.backward(loss)).isInstanceOf(EncoderException.class)
          .hasMessageContaining(
              "Parameter " + net.parameters().get(0).name() + " has a gradient that the tape did not see")
          .extracting("code")
          .isEqualTo("NOT_PRIVATE");
      assertThat(net.parameters()).allSatisfy(p -> assertThat(p.gradient(scope)).isNull());
    }
  }

  private NDArray once(Scope scope, List<NDArray> inputs, @Nullable Tape tape) {
    return net.forward(scope, inputs.get(0), tape).sub(1).square().sum();
  }

  private NDArray twice(Scope scope, List<NDArray> inputs, @Nullable Tape tape) {
    NDArray other = net.forward(scope, inputs.get(1), tape);
    return once(scope, inputs, tape).add(other.add(0.5).square().sum());
  }

  private List<NDArray> batch(Scope scope) {
    return List.of(first(scope));
  }

  private List<NDArray> batches(Scope scope) {
    return List.of(first(scope), second(scope));
  }

  /** Numbers whose size grows from row to row, so that some rows are clipped and others are not. */
  static NDArray numbers(Scope scope, long seed, long... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    int count = Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1) * (1 + 3f * i / count);
    }
    return scope.floats(values, shape);
  }

  /** Ids below {@code limit}, many of them twice in a row. */
  static NDArray ids(Scope scope, long seed, int limit, long... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    int count = Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
    return scope.longs(LongStream.range(0, count).map(i -> random.nextInt(limit)).toArray(), shape);
  }
}
