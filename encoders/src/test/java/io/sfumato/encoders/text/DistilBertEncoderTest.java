package io.sfumato.encoders.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.EncoderContract;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.TestFiles;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tiny DistilBERT: the contract of all encoders, and that private training sees all of it. */
class DistilBertEncoderTest extends EncoderContract<String, TokenIds> {
  @Override
  protected DistilBertEncoder open() {
    return DistilBertEncoder.loadFolder(TestFiles.resource("hf-tiny/distilbert"));
  }

  @Override
  protected List<String> inputs() {
    return List.of("red canvas sneaker", "a blue denim jacket with brass buttons", "", "café déjà vu", "x");
  }

  @Test
  void aTapeSeesEveryTrainableParameter() {
    try (DistilBertEncoder encoder = open(); Scope scope = TensorRuntime.get().scope()) {
      encoder.setTraining(FineTuning.full());
      List<TokenIds> batch = inputs().stream().map(encoder::prepare).toList();
      Tape tape = new Tape(scope, batch.size(), encoder.parameters());
      tape.backward(encoder.forward(scope, batch, tape).sub(1).square().sum());
      var sums = tape.clippedSum(scope.manager().ones(new Shape(batch.size())));
      assertThat(sums.keySet()).containsExactlyInAnyOrderElementsOf(encoder.parameters());
    }
  }
}
