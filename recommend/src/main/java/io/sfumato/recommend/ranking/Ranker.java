package io.sfumato.recommend.ranking;

import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.TensorValues;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The trained ranking model as plain arrays: the mean of M networks {@code s(x) = w·x + v·relu(W x + b)}. Scored with the JDK's Vector API where its
 * module is there, by plain loops where not. Immutable, safe for use by many threads, no native memory.
 *
 * <p>A score compares candidates of one list; it is no probability.
 */
public final class Ranker {
  private final FeatureSet features;
  private final int hidden;
  private final Network network;

  Ranker(FeatureSet features, Network network) {
    if (network.inputs() != features.width()) {
      throw new IllegalArgumentException("the network takes %d features but the feature set has %d".formatted(network
          .inputs(), features.width()));
    }
    this.features = features;
    this.hidden = network.hidden();
    this.network = network;
  }

  /**
   * A ranker that is not trained: it adds up the z-scores of signals.
   *
   * @param weights by name of the signal; others count nothing
   */
  public static Ranker linear(FeatureSet features, Map<String, Double> weights) {
    float[] linear = new float[features.width()];
    for (int column = 0; column < linear.length; column++) {
      String name = features.columns().get(column).name();
      if (name.endsWith(".z")) {
        linear[column] = weights.getOrDefault(name.substring(0, name.length() - 2), 0.0).floatValue();
      }
    }
    return new Ranker(features, new Network(linear, new float[features.width()], new float[1], new float[1]));
  }

  /** The features that it was trained on. */
  public FeatureSet features() {
    return features;
  }

  /** The number of hidden units of all networks together. */
  public int hidden() {
    return hidden;
  }

  /**
   * Scores the candidates of a list.
   *
   * @param matrix row-major {@code [count, features().width()]}, as a {@link FeatureExtractor} fills it
   * @param out at least {@code count} long; higher is better
   */
  public void score(float[] matrix, int count, float[] out) {
    network.score(matrix, count, out);
  }

  /**
   * Where the scores of some candidates come from, in shares that are not negative and sum to 1.
   *
   * <p>The Shapley values of the channels (Shapley 1953), exact over the 2⁴ subsets: a channel outside a subset has its features replaced by their
   * means over the list, so that what is explained is the score over that of an average candidate. A channel that speaks against the item has share
   * 0; the shares of the others are in proportion to their values. Where none speaks for it, the channels that the ranker has share by the exponential of their
   * values, the least harmful having the most. Features of {@link Channel#CONTEXT} stay as they are.
   *
   * @param rows the candidates to explain, as rows of the matrix
   * @return {@code [rows.length][4]}, in the order of {@link Channel#EXPLAINED}
   */
  public float[][] shares(float[] matrix, int count, int[] rows) {
    double[][] values = new Shapley(features, network).values(matrix, count, rows);
    return Arrays.stream(values).map(this::toShares).toArray(float[][]::new);
  }

  /**
   * The Shapley values themselves, in units of the score: their sum is the candidate's score less that of the average candidate.
   *
   * @return {@code [rows.length][4]}, in the order of {@link Channel#EXPLAINED}
   */
  public double[][] contributions(float[] matrix, int count, int[] rows) {
    return new Shapley(features, network).values(matrix, count, rows);
  }

  private float[] toShares(double[] values) {
    double[] positive = Arrays.stream(values).map(v -> Math.max(0, v)).toArray();
    if (Arrays.stream(positive).sum() <= 0) {
      for (int c = 0; c < positive.length; c++) {
        boolean present = features.channels().contains(Channel.EXPLAINED.get(c));
        positive[c] = present ? Math.exp(Math.max(-30, values[c])) : 0;
      }
    }
    double sum = Arrays.stream(positive).sum();
    float[] shares = new float[positive.length];
    for (int c = 0; c < shares.length; c++) {
      shares[c] = sum > 0 ? (float) (positive[c] / sum) : 1f / shares.length;
    }
    return shares;
  }

  /** Writes it to one safetensors file, beside it and renamed. */
  public void save(Path file) {
    SafeTensors.write(file, List.of(
        new FloatTensor("linear", new long[]{network.inputs()}, network.linear()),
        new FloatTensor("hidden.weight", new long[]{network.inputs(), hidden}, network.weights()),
        new FloatTensor("hidden.bias", new long[]{hidden}, network.bias()),
        new FloatTensor("out.weight", new long[]{hidden}, network.out())),
        Map.of("model", "ranker", "features", FeatureSetCodec.encode(features)));
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws io.sfumato.encoders.EncoderException where the file is missing or damaged
   */
  public static Ranker load(Path file) {
    try (SafeTensors tensors = SafeTensors.read(file)) {
      FeatureSet features = FeatureSetCodec.decode(tensors.metadata().getOrDefault("features", ""));
      return new Ranker(features, new Network(TensorValues.finite(tensors, "linear"),
          TensorValues.finite(tensors, "hidden.weight"), TensorValues.finite(tensors, "hidden.bias"),
          TensorValues.finite(tensors, "out.weight")));
    }
  }
}
