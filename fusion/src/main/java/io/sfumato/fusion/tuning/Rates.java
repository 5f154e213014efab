package io.sfumato.fusion.tuning;

import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.nn.Parameter;
import java.util.HashMap;
import java.util.Map;

/**
 * Peak learning rates of encoders.
 *
 * @param pretrained of one that begins with trained weights
 * @param adapter of adapters
 * @param fresh of one that begins with random weights
 * @param layerDecay factor on the rate of each layer below the last of one that begins with trained weights (Howard and
 *     Ruder 2018)
 */
public record Rates(double pretrained, double adapter, double fresh, double layerDecay) {
  /**
   * The rate of each parameter of an encoder.
   *
   * @param how what of it learns
   * @param trained whether it begins with trained weights
   */
  public Map<Parameter, Double> of(Encoder<?, ?> encoder, FineTuning how, boolean trained) {
    Map<Parameter, Double> rates = new HashMap<>();
    double peak = how instanceof FineTuning.Lora ? adapter : trained ? pretrained : fresh;
    double decay = trained ? layerDecay : 1;
    for (Parameter parameter : encoder.parameters()) {
      rates.put(parameter, decay == 1 ? peak : peak * Math.pow(decay, encoder.depth(parameter)));
    }
    return rates;
  }
}
