package io.sfumato.recommend.training;

import io.sfumato.fusion.training.PlantedUnits;
import io.sfumato.privacy.training.PlantedDirections;
import io.sfumato.recommend.collaborative.PrivateGram;
import io.sfumato.recommend.collaborative.PrivateStatistics;
import io.sfumato.recommend.collaborative.PrivateStatistics.Weighting;
import io.sfumato.recommend.config.PrivacySettings;
import io.sfumato.recommend.training.CanaryTranscript.Noted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes down what a private training releases at the canaries. What real people contributed is taken off by computing it exactly, which the trainer may and nobody else can.
 *
 * <p>Not thread-safe; for one training.
 */
final class TranscriptNotes {
  private final List<Canary> canaries;
  private final NoisePlan plan;
  private final PlantedDirections directions;
  private final List<Noted> noted = new ArrayList<>();

  TranscriptNotes(PlantedData data, NoisePlan plan) {
    this.canaries = data.canaries();
    this.plan = plan;
    this.directions = new PlantedDirections(canaries.size(), data.plan().seed() ^ 0x5DEECE66DL);
  }

  /** What the fusion's steps are to do with the canaries. */
  PlantedUnits units(double noiseScale) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (int number = 0; number < canaries.size(); number++) {
      numbers.put(canaries.get(number).id(), number);
    }
    return new PlantedUnits(numbers, directions, noiseScale);
  }

  /**
   * Popularity counts: a canary's contribution is 1 at each of its items.
   *
   * @param statistics of everybody who took part
   * @param sigma noise multiplier that the ledger states, or would state
   */
  void counts(PrivateStatistics statistics, PrivateStatistics.Counts counts, double sigma) {
    double[] noise = new double[counts.counts().length];
    double[] exact = statistics.counts();
    double[] planted = new double[noise.length];
    for (Canary canary : canaries) {
      for (int item : canary.items()) {
        planted[item] += canary.in() ? 1 : 0;
      }
    }
    for (int item = 0; item < noise.length; item++) {
      noise[item] = counts.counts()[item] - exact[item];
    }
    double[] scores = new double[canaries.size()];
    int each = canaries.getFirst().items().length;
    for (int number = 0; number < scores.length; number++) {
      for (int item : canaries.get(number).items()) {
        scores[number] += (noise[item] + planted[item]) / each;
      }
    }
    noted.add(new Noted(counts.release().what(), scores,
        sigma * counts.release().sensitivity() / Math.sqrt(each)));
  }

  /** Item-item matrix of unit weights: a canary's contribution is 1/√p at each of the p pairs of its items, an item with itself included. */
  void gram(PrivateStatistics statistics, PrivateGram gram, double sigma) {
    double[] scores = new double[canaries.size()];
    Map<Long, Double> planted = new LinkedHashMap<>();
    long n = gram.items();
    for (Canary canary : canaries) {
      double weight = weight(canary);
      forEachPair(canary, (i, j) -> planted.merge(i * n + j, canary.in() ? weight : 0, Double::sum));
    }
    for (int number = 0; number < scores.length; number++) {
      Canary canary = canaries.get(number);
      double weight = weight(canary);
      double[] sum = {0};
      forEachPair(canary, (i, j) -> {
        double noise = gram.get(i, j) - statistics.gramEntry(Weighting.UNIT, i, j);
        sum[0] += weight * (noise + planted.getOrDefault(i * n + j, 0.0));
      });
      scores[number] = sum[0];
    }
    noted.add(new Noted(gram.release().what(), scores, sigma * gram.release().sensitivity()));
  }

  private static double weight(Canary canary) {
    int items = canary.items().length;
    return 1 / Math.sqrt(items * (items + 1) / 2.0);
  }

  private interface Pairs {
    void accept(int first, int second);
  }

  private static void forEachPair(Canary canary, Pairs pairs) {
    int[] items = canary.items();
    for (int a = 0; a < items.length; a++) {
      for (int b = a; b < items.length; b++) {
        pairs.accept(items[a], items[b]);
      }
    }
  }

  /** The steps: a canary that is in adds its direction each time that it is drawn, q·T times in the mean. */
  void steps(String what, PrivacySettings settings) {
    double drawn = settings.samplingRate() * (double) settings.steps();
    double[] scores = directions.scores();
    for (int number = 0; number < scores.length; number++) {
      scores[number] /= drawn;
    }
    noted.add(new Noted(what, scores, plan.steps() * Math.sqrt((double) settings.steps()) / drawn));
  }

  CanaryTranscript transcript() {
    return new CanaryTranscript(noted);
  }
}
