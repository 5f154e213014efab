package io.sfumato.recommend.evaluation.classification;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a classifier is right as often as it says: examples are put into {@value #BINS} bins of equal width by the probability of the label that they were given.
 *
 * @param error the expected calibration error, {@code Σ_b n_b/n · |accuracy_b − confidence_b|}, in [0, 1] (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017)
 * @param bins those with an example, from the least confident to the most
 */
public record Calibration(double error, List<Bin> bins) {
  /** Number of bins over [0, 1]. */
  public static final int BINS = 15;

  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * Examples of like confidence.
   *
   * @param count number of examples, at least 1
   * @param confidence mean probability of the labels that they were given
   * @param accuracy share of them that were given the right label
   */
  public record Bin(long count, double confidence, double accuracy) {}

  static Calibration of(List<Judged> examples, boolean[] right) {
    long[] counts = new long[BINS];
    double[] confidences = new double[BINS];
    long[] hits = new long[BINS];
    for (int i = 0; i < right.length; i++) {
      Judged example = examples.get(i);
      double confidence = example.probabilities()[example.best()];
      int bin = Math.clamp((int) Math.ceil(confidence * BINS) - 1, 0, BINS - 1); // (0, 1/15], (1/15, 2/15], …
      counts[bin]++;
      confidences[bin] += confidence;
      hits[bin] += right[i] ? 1 : 0;
    }
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int b = 0; b < BINS; b++) {
      if (counts[b] > 0) {
        bins.add(new Bin(counts[b], confidences[b] / counts[b], (double) hits[b] / counts[b]));
        error += Math.abs(hits[b] - confidences[b]) / right.length;
      }
    }
    return new Calibration(error, bins);
  }

  /** For JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("error", error);
    map.put("bins", bins.stream().map(bin -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("count", bin.count());
      one.put("confidence", bin.confidence());
      one.put("accuracy", bin.accuracy());
      return one;
    }).toList());
    return map;
  }
}
