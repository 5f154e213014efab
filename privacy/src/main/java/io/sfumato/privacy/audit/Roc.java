package io.sfumato.privacy.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The ROC curve of scores of members and others. */
public final class Roc {
  /** The most points of a {@link #thinned} curve at each end. */
  private static final int POINTS = 100;

  /** False positive rates that are looked at, where there are others enough. */
  private static final double[] RATES = {1e-3, 1e-2, 1e-1};

  /** A true positive rate at x is told where so many others or more are expected above its threshold. */
  private static final int OTHERS_ABOVE = 10;
  private static final double INTERVAL = 0.95;

  private final double[] members;
  private final double[] others;

  /** The curve of finite scores, one of each kind at least. */
  public Roc(double[] members, double[] others) {
    if (members.length == 0 || others.length == 0) {
      throw new IllegalArgumentException(
          "a curve needs members and others but there were %d and %d".formatted(members.length, others.length));
    }
    this.members = Scores.finite(members.clone(), "member");
    this.others = Scores.finite(others.clone(), "other");
    Arrays.sort(this.members);
    Arrays.sort(this.others);
  }

  /** True positive rates at the false positive rates 0.001, 0.01 and 0.1, without those x for which there are fewer than 10/x others. */
  public List<MembershipEvidence.OperatingPoint> operatingPoints() {
    List<MembershipEvidence.OperatingPoint> points = new ArrayList<>();
    for (double rate : RATES) {
      if (others.length * rate >= OTHERS_ABOVE * (1 - 1e-12)) {
        points.add(at(rate));
      }
    }
    return points;
  }

  /** The true positive rate at the lowest threshold with a false positive rate of {@code fpr} or less. */
  MembershipEvidence.OperatingPoint at(double fpr) {
    int allowed = (int) Math.floor(fpr * others.length * (1 + 1e-12));
    // Members above the highest other that must not be taken for one: equal scores are not above.
    double threshold = allowed >= others.length ? Double.NEGATIVE_INFINITY : others[others.length - 1 - allowed];
    int told = members.length - Scores.below(members, threshold, true);
    ClopperPearson.Interval interval = ClopperPearson.interval(told, members.length, INTERVAL);
    return new MembershipEvidence.OperatingPoint(fpr, told / (double) members.length, interval.low(), interval.high());
  }

  /** The curve from (0, ·) to (1, 1), thinned to a few hundred points that are dense at both ends, as logarithmic axes need them. */
  public List<Point> thinned() {
    List<Point> all = corners();
    List<Point> kept = new ArrayList<>();
    double step = Math.log(Math.max(2, others.length)) / POINTS;
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < all.size(); i++) {
      double x = all.get(i).x();
      // Even in log x below one half, in log (1 − x) above.
      double place = x <= 0.5 ? Math.log(Math.max(x, 0.5 / others.length))
          : -2 * Math.log(2) - Math.log(Math.max(1 - x, 0.5 / others.length));
      boolean end = i == 0 || i == all.size() - 1 || all.get(i - 1).x() == 0;
      if (end || place - last >= step) {
        kept.add(all.get(i));
        last = place;
      }
    }
    return kept;
  }

  /** One point a threshold. */
  private List<Point> corners() {
    List<Point> points = new ArrayList<>();
    int above = 0;
    points.add(new Point(0, share(members, others[others.length - 1])));
    for (int i = others.length - 1; i >= 0; i--) {
      above++;
      if (i > 0 && others[i - 1] == others[i]) {
        continue;
      }
      double threshold = i > 0 ? others[i - 1] : Double.NEGATIVE_INFINITY;
      points.add(new Point(above / (double) others.length, share(members, threshold)));
    }
    return points;
  }

  /** Share of ascending values above a threshold. */
  private static double share(double[] ascending, double threshold) {
    return (ascending.length - Scores.below(ascending, threshold, true)) / (double) ascending.length;
  }
}
