package io.sfumato.fusion.pairs;

import io.sfumato.fusion.FusionException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How often a text finds its own image among the images of all pairs, and an image its text: recall at 1, 5 and 10, as
 * shares in [0, 1].
 *
 * <p>Candidates with equal scores (two products with the same title, say) stand in random order: a pair that shares its
 * place with others counts by the probability of coming out in time.
 *
 * @param pairs number of pairs, which are the candidates too; by chance recall at k is k / pairs
 * @param textToImage recall of images by texts
 * @param imageToText recall of texts by images
 */
public record PairRecall(int pairs, At textToImage, At imageToText) {
  /** Recall at 1, 5 and 10. */
  public record At(double at1, double at5, double at10) {}

  /**
   * Measures.
   *
   * @param texts [n][d], unit vectors
   * @param images [n][d], those of the same pairs, in their order
   */
  public static PairRecall of(float[][] texts, float[][] images) {
    if (texts.length != images.length || texts.length == 0) {
      throw new FusionException("NO_PAIRS",
          "recall needs as many texts as images and at least one, but there were %d and %d".formatted(texts.length,
              images.length));
    }
    return new PairRecall(texts.length, direction(texts, images), direction(images, texts));
  }

  /** Mean recall at 10 of both directions: what validation goes by. */
  public double mean10() {
    return (textToImage.at10 + imageToText.at10) / 2;
  }

  /** Recall at 10 by chance. */
  public double chance10() {
    return Math.min(1, 10.0 / pairs);
  }

  /** Names and values, for JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("pairs", pairs);
    map.put("text_to_image", toMap(textToImage));
    map.put("image_to_text", toMap(imageToText));
    return map;
  }

  private static Map<String, Object> toMap(At at) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("recall_at_1", at.at1);
    map.put("recall_at_5", at.at5);
    map.put("recall_at_10", at.at10);
    return map;
  }

  private static At direction(float[][] queries, float[][] candidates) {
    double[][] hits = IntStream.range(0, queries.length)
        .parallel()
        .mapToObj(row -> hits(queries[row], candidates, row))
        .toArray(double[][]::new);
    double[] sums = new double[3];
    for (double[] hit : hits) {
      for (int k = 0; k < 3; k++) {
        sums[k] += hit[k] / queries.length;
      }
    }
    return new At(sums[0], sums[1], sums[2]);
  }

  private static double[] hits(float[] query, float[][] candidates, int own) {
    double score = dot(query, candidates[own]);
    int better = 0;
    int equal = 1;
    for (int other = 0; other < candidates.length; other++) {
      if (other != own) {
        double value = dot(query, candidates[other]);
        better += value > score ? 1 : 0;
        equal += value == score ? 1 : 0;
      }
    }
    return new double[]{within(1, better, equal), within(5, better, equal), within(10, better, equal)};
  }

  /** Probability of one of {@code equal} places after the {@code better} ones being among the first k. */
  private static double within(int k, int better, int equal) {
    return Math.clamp((double) (k - better) / equal, 0, 1);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }
}
