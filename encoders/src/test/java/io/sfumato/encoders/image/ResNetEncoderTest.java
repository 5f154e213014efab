package io.sfumato.encoders.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.EncoderContract;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The small residual network. */
class ResNetEncoderTest extends EncoderContract<BufferedImage, Pixels> {
  private static final ResNetConfig TINY = new ResNetConfig(16, List.of(8, 16), List.of(1, 2), 4, 12, 7);

  @Override
  protected ResNetEncoder open() {
    return new ResNetEncoder(TINY);
  }

  @Override
  protected List<BufferedImage> inputs() {
    return Pictures.five();
  }

  @Test
  void anotherSeedIsAnotherNetwork() {
    try (ResNetEncoder one = open();
        ResNetEncoder other = new ResNetEncoder(new ResNetConfig(16, List.of(8, 16), List.of(1, 2), 4, 12, 8))) {
      assertThat(one.fingerprint()).isNotEqualTo(other.fingerprint());
    }
  }

  @Test
  void aTapeSeesEveryTrainableParameter() {
    try (ResNetEncoder encoder = open(); Scope scope = TensorRuntime.get().scope()) {
      encoder.setTraining(FineTuning.full());
      List<Pixels> batch = inputs().stream().map(encoder::prepare).toList();
      Tape tape = new Tape(scope, batch.size());
      tape.backward(encoder.forward(scope, batch, tape).square().sum());
      var sums = tape.clippedSum(scope.manager().ones(new Shape(batch.size())));
      assertThat(sums.keySet()).containsExactlyInAnyOrderElementsOf(encoder.parameters());
    }
  }

  @Test
  void configurationsAreCheckedAtTheCall() {
    assertThatThrownBy(() -> new ResNetConfig(48, List.of(16, 30), List.of(1, 1), 8, 64, 1))
        .hasMessageContaining("divisible by the groups, 8, but were [16, 30]");
    assertThatThrownBy(() -> new ResNetConfig(48, List.of(16, 32), List.of(1), 8, 64, 1))
        .hasMessageContaining("[16, 32] and [1]");
    assertThatThrownBy(() -> new ResNetConfig(3, List.of(16, 32), List.of(1, 1), 8, 64, 1))
        .hasMessageContaining("have 3");
  }
}
