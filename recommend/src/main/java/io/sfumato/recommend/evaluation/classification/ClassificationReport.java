package io.sfumato.recommend.evaluation.classification;

import io.sfumato.recommend.evaluation.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that is measured of a classifier that gives each example one label.
 *
 * <p>An example whose label the classifier does not know counts as a mistake, in accuracy, in a class of its own with recall 0, and in calibration; it is left out of the log loss, which would be infinite.
 *
 * @param examples how many, at least 1
 * @param accuracy share that was given its own label
 * @param interval of the accuracy, 95 % by Wilson's score (1927)
 * @param logLoss mean of −ln of the probability of the true label, in nats, over examples whose label the classifier knows; each probability counts as 10⁻¹⁵ at least; NaN without such examples
 * @param calibration of the probabilities
 * @param classes figures by class, in the order of {@link Confusion#labels()}
 * @param macro every class counts the same
 * @param micro every decision counts the same
 * @param weighted every class counts by its support
 * @param unseen labels of the examples that the classifier does not know, in order
 * @param confusion who was taken for whom
 */
public record ClassificationReport(long examples, double accuracy, Interval interval, double logLoss,
    Calibration calibration, List<ClassFigures> classes, Average macro, Average micro, Average weighted,
    List<String> unseen, Confusion confusion) {

  /** 97.5 % quantile of the standard normal. */
  private static final double Z = 1.959963984540054;
  private static final double LEAST = 1e-15;

  public ClassificationReport {
    classes = List.copyOf(classes);
    unseen = List.copyOf(unseen);
  }

  /**
   * Measures.
   *
   * @param labels of the classifier, in the order of its probabilities, no two the same
   * @param examples at least one, each with as many probabilities as there are labels
   */
  public static ClassificationReport of(List<String> labels, List<Judged> examples) {
    Set<String> known = new LinkedHashSet<>(labels);
    if (examples.isEmpty() || known.size() != labels.size() || labels.isEmpty()) {
      throw new IllegalArgumentException("need an example and labels that differ but got %d examples, labels %s"
          .formatted(examples.size(), labels));
    }
    Set<String> unseen = new TreeSet<>();
    examples.stream().map(Judged::truth).filter(truth -> !known.contains(truth)).forEach(unseen::add);
    List<String> all = new ArrayList<>(labels);
    all.addAll(unseen);
    Map<String, Integer> index = new LinkedHashMap<>();
    all.forEach(label -> index.put(label, index.size()));

    long[][] counts = new long[all.size()][all.size()];
    boolean[] right = new boolean[examples.size()];
    double loss = 0;
    long scored = 0;
    long hits = 0;
    for (int i = 0; i < right.length; i++) {
      Judged example = examples.get(i);
      if (example.probabilities().length != labels.size()) {
        throw new IllegalArgumentException("example %d has %d probabilities but there are %d labels".formatted(i,
            example.probabilities().length, labels.size()));
      }
      int truth = index.getOrDefault(example.truth(), -1);
      int answer = example.best();
      counts[truth][answer]++;
      right[i] = truth == answer;
      hits += right[i] ? 1 : 0;
      if (truth < labels.size()) {
        loss -= Math.log(Math.max(LEAST, example.probabilities()[truth]));
        scored++;
      }
    }
    Confusion confusion = new Confusion(all, counts);
    List<ClassFigures> classes = new ArrayList<>();
    for (int k = 0; k < all.size(); k++) {
      classes.add(ClassFigures.of(all.get(k), counts[k][k], confusion.support(k), confusion.predicted(k)));
    }
    double accuracy = (double) hits / right.length;
    return new ClassificationReport(right.length, accuracy, wilson(hits, right.length),
        scored == 0 ? Double.NaN : loss / scored, Calibration.of(examples, right), classes, Average.macro(classes),
        Average.micro(accuracy), Average.weighted(classes), List.copyOf(unseen), confusion);
  }

  /**
   * Wilson's score interval of a share, 95 %: unlike the usual one it keeps within [0, 1] and holds for few examples.
   *
   * @param hits from 0 to {@code n}
   * @param n at least 1
   */
  public static Interval wilson(long hits, long n) {
    double share = (double) hits / n;
    double middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n);
    double half = Z / (1 + Z * Z / n) * Math.sqrt(share * (1 - share) / n + Z * Z / (4.0 * n * n));
    // The ends are exactly 0 and 1 at no hit and all hits, but for rounding.
    return new Interval(hits == 0 ? 0 : middle - half, hits == n ? 1 : middle + half);
  }

  /** For JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("examples", examples);
    map.put("accuracy", accuracy);
    map.put("accuracy_interval", List.of(interval.low(), interval.high()));
    if (!Double.isNaN(logLoss)) {
      map.put("log_loss", logLoss);
    }
    map.put("calibration_error", calibration.error());
    map.put("macro", macro.toMap());
    map.put("micro", micro.toMap());
    map.put("weighted", weighted.toMap());
    map.put("classes", classes.stream().map(ClassFigures::toMap).toList());
    map.put("unseen_labels", unseen);
    map.put("calibration", calibration.toMap());
    map.put("confusion", confusion.toMap());
    return map;
  }
}
