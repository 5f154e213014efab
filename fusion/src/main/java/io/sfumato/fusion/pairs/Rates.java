package io.sfumato.fusion.pairs;

import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.nn.Parameter;
import java.util.HashMap;
import java.util.Map;

/** Peak learning rates. */
final class Rates {
  private Rates() {}

  /**
   * The rate of each parameter of an encoder.
   *
   * @param how what of it learns
   * @param pretrained whether it begins with trained weights, which move gently and less the deeper they lie
   */
  static Map<Parameter, Double> of(Encoder<?, ?> encoder, FineTuning how, boolean pretrained, PairConfig config) {
    Map<Parameter, Double> rates = new HashMap<>();
    double peak = how instanceof FineTuning.Lora ? config.adapterRate()
        : pretrained ? config.encoderRate() : config.freshRate();
    double decay = pretrained ? config.layerDecay() : 1;
    for (Parameter parameter : encoder.parameters()) {
      rates.put(parameter, decay == 1 ? peak : peak * Math.pow(decay, encoder.depth(parameter)));
    }
    return rates;
  }
}
