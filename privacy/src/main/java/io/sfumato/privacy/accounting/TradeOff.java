package io.sfumato.privacy.accounting;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a profile allows any attacker who tries to tell whether a unit took part: an upper bound on his true positive rate at each
 * false positive rate (the trade-off function of Dong, Roth and Su 2022, turned upside down).
 *
 * <p>
 * Every pair (ε, δ) that holds gives two lines, {@code tpr ≤ e^ε·fpr + δ} and {@code tpr ≤ 1 − e^(−ε)(1 − δ − fpr)} (Kairouz,
 * Oh and Viswanath 2015, Theorem 2.1); the bound is their lower envelope, a concave function that rises from δ(∞) to 1. Fewer
 * lines only make it weaker, never wrong. Immutable.
 */
public final class TradeOff {
  private static final int LINES = 400;

  private final double[] slope;
  private final double[] intercept;

  /** Where line i gives way to line i + 1. */
  private final double[] corner;

  private TradeOff(double[] slope, double[] intercept, double[] corner) {
    this.slope = slope;
    this.intercept = intercept;
    this.corner = corner;
  }

  /** The bound that a profile gives. */
  static TradeOff of(PrivacyProfile profile) {
    List<double[]> lines = new ArrayList<>();
    lines.add(new double[]{0, 1});
    double top = profile.epsilon(1e-9);
    if (Double.isInfinite(top)) {
      top = profile.epsilon(1e-6);
    }
    if (Double.isFinite(top)) {
      for (int i = 0; i <= LINES; i++) {
        double epsilon = top * i / LINES;
        double delta = profile.delta(epsilon);
        lines.add(new double[]{Math.exp(epsilon), delta});
        lines.add(new double[]{Math.exp(-epsilon), 1 - Math.exp(-epsilon) * (1 - delta)});
      }
    }
    return envelope(lines);
  }

  private static TradeOff envelope(List<double[]> lines) {
    // From the steepest line to the flattest: each later line can only take over further right.
    lines.sort(Comparator.<double[]>comparingDouble(line -> -line[0]).thenComparingDouble(line -> line[1]));
    List<double[]> kept = new ArrayList<>();
    for (double[] line : lines) {
      if (Double.isInfinite(line[0]) || (!kept.isEmpty() && kept.getLast()[0] == line[0])) {
        continue;
      }
      while (!kept.isEmpty() && (kept.getLast()[1] >= line[1]
          || (kept.size() > 1 && cross(kept.getLast(), line) <= cross(kept.get(kept.size() - 2), kept.getLast())))) {
        kept.removeLast();
      }
      kept.add(line);
    }
    int n = kept.size();
    double[] corner = new double[n - 1];
    for (int i = 0; i < n - 1; i++) {
      corner[i] = cross(kept.get(i), kept.get(i + 1));
    }
    return new TradeOff(kept.stream().mapToDouble(line -> line[0]).toArray(),
        kept.stream().mapToDouble(line -> line[1]).toArray(), corner);
  }

  private static double cross(double[] steep, double[] flat) {
    return (flat[1] - steep[1]) / (steep[0] - flat[0]);
  }

  /** The highest true positive rate that any attack can have at the false positive rate {@code fpr} in [0, 1]. */
  public double maxTruePositiveRate(double fpr) {
    if (!(fpr >= 0 && fpr <= 1)) {
      throw new IllegalArgumentException("false positive rate must be in [0, 1] but was " + fpr);
    }
    double best = 1;
    for (int i = 0; i < slope.length; i++) {
      best = Math.min(best, intercept[i] + slope[i] * fpr);
    }
    return best;
  }

  /** The lowest false positive rate at which any attack can have the true positive rate {@code tpr} in [0, 1]: {@link #maxTruePositiveRate} read backwards, exactly. */
  public double minFalsePositiveRate(double tpr) {
    if (!(tpr >= 0 && tpr <= 1)) {
      throw new IllegalArgumentException("true positive rate must be in [0, 1] but was " + tpr);
    }
    // The least of rising lines reaches a value where the last of them does.
    double least = 0;
    for (int i = 0; i < slope.length && slope[i] > 0; i++) {
      least = Math.max(least, (tpr - intercept[i]) / slope[i]);
    }
    return Math.min(1, least);
  }

  /** The largest area under the ROC curve that any attack can have, in [0.5, 1]. */
  public double maxAuc() {
    double area = 0;
    double from = 0;
    for (int i = 0; i < slope.length && from < 1; i++) {
      double to = i < corner.length ? Math.clamp(corner[i], from, 1) : 1;
      area += (to - from) * (intercept[i] + slope[i] * (from + to) / 2);
      from = to;
    }
    return Math.min(1, area);
  }

  /** The largest difference between true and false positive rate: δ at ε = 0, the total variation distance. */
  public double maxAdvantage() {
    double best = maxTruePositiveRate(0);
    for (double fpr : corner) {
      if (fpr > 0 && fpr < 1) {
        best = Math.max(best, maxTruePositiveRate(fpr) - fpr);
      }
    }
    return best;
  }
}
