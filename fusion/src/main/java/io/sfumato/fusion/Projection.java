package io.sfumato.fusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From an encoder's output to a unit vector in the space that all modalities and users share: centre and scale, a linear map, or two with a GELU between them, and unit length.
 *
 * <p>Centre and scale are constants, set once from the catalogue ({@link #standardise}); they make encoders of any output range learn alike. Owns its parameters: close it.
 */
public final class Projection implements Layer {
  /** One pass over the rows: they are many, and centre and scale few. */
  private static final Script STANDARDISE = Script.of("standardise", """
    def plain(self: __torch__.Script, x: Tensor, centre: Tensor, scale: Tensor) -> Tensor:
      return torch.addcmul(torch.neg(torch.mul(centre, scale)), x, scale)
    def dropped(self: __torch__.Script, x: Tensor, centre: Tensor, scale: Tensor, keep: Tensor) -> Tensor:
      s = torch.mul(scale, keep)
      return torch.addcmul(torch.neg(torch.mul(centre, s)), x, s)
    """);

  private final Parameter centre;
  private final Parameter scale;
  private final List<Linear> layers = new ArrayList<>();

  /**
   * @param name prefix of the parameters' names
   * @param inputs length D of the encoder's output
   * @param hidden width of the hidden layer, 0 for none
   * @param dimension length d of the result
   * @param seed of the weights at the start
   */
  public Projection(String name, int inputs, int hidden, int dimension, long seed) {
    this.centre = new Parameter(name + ".centre", new Shape(inputs), new float[inputs]);
    float[] ones = new float[inputs];
    Arrays.fill(ones, 1);
    this.scale = new Parameter(name + ".scale", new Shape(inputs), ones);
    centre.setTrainable(false);
    scale.setTrainable(false);
    if (hidden > 0) {
      layers.add(new Linear(name + ".hidden", inputs, hidden, init(seed, inputs)));
    }
    layers.add(
        new Linear(name + ".map", hidden > 0 ? hidden : inputs, dimension, init(seed, hidden > 0 ? hidden : inputs)));
  }

  /** Width of the hidden layer, 0 for none. */
  public int hidden() {
    return layers.size() == 1 ? 0 : Math.toIntExact(layers.getFirst().parameters().getFirst().shape().get(0));
  }

  private static Init init(long seed, int inputs) {
    return new Init(seed, 1 / Math.sqrt(inputs));
  }

  /** Sets centre and scale to mean and standard deviation of these outputs, rows of length D; at least two. */
  public void standardise(float[][] outputs) {
    int inputs = Math.toIntExact(centre.size());
    double[] mean = new double[inputs];
    double[] square = new double[inputs];
    for (float[] row : outputs) {
      for (int k = 0; k < inputs; k++) {
        mean[k] += row[k];
        square[k] += (double) row[k] * row[k];
      }
    }
    double variance = 0;
    float[] centres = new float[inputs];
    float[] scales = new float[inputs];
    for (int k = 0; k < inputs; k++) {
      mean[k] /= outputs.length;
      variance += Math.max(0, square[k] / outputs.length - mean[k] * mean[k]) / inputs;
      centres[k] = (float) mean[k];
    }
    Arrays.fill(scales, (float) (1 / Math.sqrt(variance + 1e-12)));
    centre.set(centres);
    scale.set(scales);
  }

  /** Sets centre and scale to what unit vectors that may point anywhere have, zero and √D: without a look at any data, for data that are private. */
  public void standardiseUnits() {
    int inputs = Math.toIntExact(centre.size());
    float[] scales = new float[inputs];
    Arrays.fill(scales, (float) Math.sqrt(inputs));
    centre.set(new float[inputs]);
    scale.set(scales);
  }

  /**
   * Leaves the shifts of the linear maps at their start, zero. Private training does: inputs are centred, so a shift says little, but its gradient, which all items of a person add to, would take most of
   * the clipping norm.
   */
  public void freezeBiases() {
    layers.forEach(Linear::freezeBias);
  }

  /**
   * Projects a batch.
   *
   * @param encoded [n, D]
   * @param keep [1, D], what to multiply the standardised coordinates by (dropout), or null
   * @return [n, d], unit rows
   */
  public NDArray forward(Scope scope, NDArray encoded, @Nullable NDArray keep, @Nullable Tape tape) {
    NDArray x = keep == null
        ? STANDARDISE.call(scope, "plain", encoded, centre.value(), scale.value())
        : STANDARDISE.call(scope, "dropped", encoded, centre.value(), scale.value(), keep);
    for (int layer = 0; layer < layers.size(); layer++) {
      if (layer > 0) {
        x = TensorRuntime.get().kernels().gelu(scope, x);
      }
      x = layers.get(layer).forward(scope, x, tape);
    }
    return TensorRuntime.get().kernels().unit(scope, x);
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(List.of(centre, scale));
    layers.forEach(layer -> all.addAll(layer.parameters()));
    return all;
  }
}
