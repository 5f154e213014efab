package io.sfumato.encoders.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.nn.TinyModels.Net;
import io.sfumato.encoders.runtime.OneThread;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneThread.class)
class AdamWTest {
  private final TensorRuntime runtime = TensorRuntime.get();

  /**
   * By hand, gradient 2: first mean 0.2/(1 − 0.9) = 2, second 0.004/(1 − 0.999) = 4, so the step is lr · 2/√4 = lr, after
   * the decay of lr · 0.01 · weight.
   */
  @Test
  void firstStepIsTheLearningRateAfterDecay() {
    try (Parameter weight = new Parameter("weight", new Shape(1, 1), new float[]{5});
        Parameter bias = new Parameter("bias", new Shape(1), new float[]{5});
        Parameter fast = new Parameter("fast", new Shape(), new float[]{5});
        AdamW optimizer = new AdamW(List.of(weight, bias, fast), AdamWConfig.DEFAULT,
            parameter -> parameter == fast ? 10 : 1)) {
      twiceTheSum(List.of(weight, bias, fast));
      optimizer.step(0.1);
      assertThat(weight.toArray()[0]).isCloseTo(5 * (1 - 0.1f * 0.01f) - 0.1f, within(1e-5f));
      assertThat(bias.toArray()[0]).isCloseTo(4.9f, within(1e-5f)); // one dimension: no decay
      assertThat(fast.toArray()[0]).isCloseTo(4, within(1e-5f)); // ten times the learning rate
    }
  }

  @Test
  void followsTheFormulaOverManySteps() {
    try (Parameter weight = new Parameter("weight", new Shape(1, 1), new float[]{1});
        AdamW optimizer = new AdamW(List.of(weight), new AdamWConfig(0.8, 0.95, 1e-6, 0.1))) {
      double w = 1;
      double m = 0;
      double v = 0;
      for (int t = 1; t <= 50; t++) {
        double g = 2 * (w - 3);
        m = 0.8 * m + 0.2 * g;
        v = 0.95 * v + 0.05 * g * g;
        w -= 0.05 * 0.1 * w;
        w -= 0.05 * (m / (1 - Math.pow(0.8, t))) / (Math.sqrt(v / (1 - Math.pow(0.95, t))) + 1e-6);
        try (Scope scope = runtime.scope()) {
          Backward.run(scope.own(weight.value().sub(3)).square().sum());
        }
        optimizer.step(0.05);
        optimizer.zeroGradients();
        assertThat(weight.toArray()[0]).isCloseTo((float) w, within(1e-4f));
      }
    }
  }

  @Test
  void gradientsAccumulateUntilZeroed() {
    try (Parameter a = new Parameter("a", new Shape(2), new float[2]);
        Parameter b = new Parameter("b", new Shape(1), new float[1]);
        AdamW optimizer = new AdamW(List.of(a, b), AdamWConfig.DEFAULT)) {
      assertThat(optimizer.gradientNorm()).isZero();
      twiceTheSum(List.of(a, b));
      twiceTheSum(List.of(a, b));
      assertThat(optimizer.gradientNorm()).isCloseTo(Math.sqrt(3 * 16), within(1e-5));
      assertThat(optimizer.clipGradients(1)).isCloseTo(Math.sqrt(48), within(1e-5));
      assertThat(optimizer.gradientNorm()).isCloseTo(1, within(1e-5));
      optimizer.zeroGradients();
      assertThat(optimizer.gradientNorm()).isZero();
    }
  }

  @Test
  void frozenParametersStay() {
    try (Parameter a = new Parameter("a", new Shape(1), new float[]{1});
        Parameter b = new Parameter("b", new Shape(1), new float[]{1});
        AdamW optimizer = new AdamW(List.of(a, b), AdamWConfig.DEFAULT)) {
      b.setTrainable(false);
      twiceTheSum(List.of(a, b));
      optimizer.step(0.1);
      assertThat(b.toArray()).containsExactly(1);
      assertThat(a.toArray()[0]).isNotEqualTo(1);
    }
  }

  @Test
  void resumesBitByBit() {
    float[][] straight = new float[2][];
    float[][] resumed = new float[2][];
    try (Net net = TinyModels.mlp(); AdamW optimizer = new AdamW(net.parameters(), AdamWConfig.DEFAULT)) {
      train(net, optimizer, 0, 6);
      copy(net, straight);
    }
    Map<String, float[]> weights = new LinkedHashMap<>();
    Map<String, float[]> state;
    try (Net net = TinyModels.mlp(); AdamW optimizer = new AdamW(net.parameters(), AdamWConfig.DEFAULT)) {
      train(net, optimizer, 0, 3);
      net.parameters().forEach(parameter -> weights.put(parameter.name(), parameter.toArray()));
      state = optimizer.state();
    }
    try (Net net = TinyModels.mlp(); AdamW optimizer = new AdamW(net.parameters(), AdamWConfig.DEFAULT)) {
      net.parameters().forEach(parameter -> parameter.set(weights.getOrDefault(parameter.name(), new float[0])));
      optimizer.load(state);
      train(net, optimizer, 3, 6);
      copy(net, resumed);
    }
    assertThat(resumed).isDeepEqualTo(straight);
  }

  @Test
  void refusesTheStateOfAnotherModel() {
    try (Parameter a = new Parameter("a", new Shape(2), new float[2]);
        AdamW optimizer = new AdamW(List.of(a), AdamWConfig.DEFAULT)) {
      Map<String, float[]> state = Map.of("a.step", new float[]{1}, "a.exp_avg", new float[3], "a.exp_avg_sq",
          new float[2]);
      assertThatThrownBy(() -> optimizer.load(state)).isInstanceOf(EncoderException.class)
          .hasMessageContaining("a.exp_avg has 3 values, the model has 2");
      assertThatThrownBy(() -> new AdamWConfig(1, 0.9, 1e-8, 0)).hasMessage("beta1 must be in [0, 1) but was 1.0");
    }
  }

  private void twiceTheSum(List<Parameter> parameters) {
    try (Scope scope = runtime.scope()) {
      for (Parameter parameter : parameters) {
        if (parameter.trainable()) {
          Backward.run(runtime.kernels().scaled(scope, parameter.value(), 2).sum());
        }
      }
    }
  }

  private void train(Net net, AdamW optimizer, int from, int to) {
    for (int step = from; step < to; step++) {
      try (Scope scope = runtime.scope()) {
        float[] x = new float[24];
        Arrays.fill(x, step * 0.1f - 0.2f);
        Backward.run(net.forward(scope, scope.floats(x, 2, 12), null).sub(1).square().sum());
        optimizer.step(1e-2);
        optimizer.zeroGradients();
      }
    }
  }

  private static void copy(Net net, float[][] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = net.parameters().get(i).toArray();
    }
  }
}
