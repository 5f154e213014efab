package io.sfumato.fusion.pairs;

import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.nn.Parameter;
import java.util.function.ToDoubleFunction;

/** The peak learning rate of each parameter. */
record Rates(PairConfig config) {
  /** Rates of a group: the projections, or the encoder of a side by its modality's name. */
  ToDoubleFunction<Parameter> of(String group, PairSide<?> text, PairSide<?> image) {
    if (group.equals(text.modality().name())) {
      return of(text, config.text());
    }
    return group.equals(image.modality().name()) ? of(image, config.image()) : parameter -> config.learningRate();
  }

  private ToDoubleFunction<Parameter> of(PairSide<?> side, FineTuning how) {
    if (!side.modality().pretrained()) {
      return parameter -> config.freshRate();
    }
    return parameter -> config.encoderRate();
  }
}
