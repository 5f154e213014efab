package io.sfumato.encoders.nn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.TinyModels.Net;
import io.sfumato.encoders.runtime.OneThread;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The number of native arrays is flat over a thousand steps, plain and private, and zero when all is closed. */
@ExtendWith(OneThread.class)
class LeakTest {
  private final TensorRuntime runtime = TensorRuntime.get();

  @Test
  void aThousandStepsLeaveNothing() {
    int empty = runtime.permanentArrays();
    try (Net net = TinyModels.mlp(); AdamW optimizer = new AdamW(net.parameters(), AdamWConfig.DEFAULT)) {
      plainStep(net, optimizer);
      privateStep(net, optimizer);
      int before = runtime.permanentArrays();
      for (int i = 0; i < 500; i++) {
        plainStep(net, optimizer);
        privateStep(net, optimizer);
        assertThat(runtime.permanentArrays()).isEqualTo(before);
      }
    }
    assertThat(runtime.permanentArrays()).isEqualTo(empty);
  }

  @Test
  void transformersAndConvolutionsLeaveNothingEither() {
    try (Net transformer = TinyModels.transformer(); Net resnet = TinyModels.resnet()) {
      int before = runtime.permanentArrays();
      for (int i = 0; i < 5; i++) {
        try (Scope scope = runtime.scope()) {
          Tape tape = new Tape(scope, 2);
          NDArray words = transformer.forward(scope, scope.longs(new long[]{1, 2, 3, 4}, 2, 2), tape);
          NDArray pixels = resnet.forward(scope, scope.floats(new float[2 * 3 * 144], 2, 3, 12, 12), tape);
          tape.backward(words.sum().add(pixels.sum()));
          tape.clippedSum(tape.squaredNorms());
        }
        assertThat(runtime.permanentArrays()).isEqualTo(before);
      }
    }
  }

  private void plainStep(Net net, AdamW optimizer) {
    try (Scope scope = runtime.scope()) {
      Backward.run(net.forward(scope, scope.floats(new float[24], 2, 12), null).square().sum());
      optimizer.clipGradients(1);
      optimizer.step(1e-3);
      optimizer.zeroGradients();
    }
  }

  private void privateStep(Net net, AdamW optimizer) {
    try (Scope scope = runtime.scope()) {
      Tape tape = new Tape(scope, 2);
      tape.backward(net.forward(scope, scope.floats(new float[24], 2, 12), tape).square().sum());
      Map<Parameter, NDArray> sums = tape.clippedSum(tape.squaredNorms());
      optimizer.step(1e-3, sums);
    }
  }
}
