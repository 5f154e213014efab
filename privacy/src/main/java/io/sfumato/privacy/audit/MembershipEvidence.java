package io.sfumato.privacy.audit;

import java.util.List;

/**
 * How well an attack tells those who were trained on from those who were not.
 *
 * @param attack such as {@code loss threshold} or {@code LiRA}
 * @param unit {@code user}, {@code record}, or {@code canary} in {@link CanaryEvidence#ranking}
 * @param members how many were trained on
 * @param others how many were not
 * @param auc area under the ROC curve
 * @param aucLow lower limit of the area at {@code confidence}, one-sided
 * @param aucHigh upper limit, one-sided
 * @param confidence such as .999
 * @param points true positive rates at low false positive rates, where there are others enough to tell
 * @param roc the curve, false positive rate ascending, thinned
 */
public record MembershipEvidence(String attack, String unit, int members, int others, double auc, double aucLow,
    double aucHigh, double confidence, List<OperatingPoint> points, List<Point> roc) {
  public MembershipEvidence {
    points = List.copyOf(points);
    roc = List.copyOf(roc);
  }

  /**
   * Evidence from scores.
   *
   * @param scores the higher, the more likely in; finite
   * @param in who was trained on, one at least and not all
   * @param confidence of each limit of the area
   */
  public static MembershipEvidence of(String attack, String unit, double[] scores, boolean[] in, double confidence) {
    double[] members = Scores.finite(Scores.select(scores, in, true), "member");
    double[] others = Scores.finite(Scores.select(scores, in, false), "other");
    Auc auc = Auc.of(members, others);
    Roc roc = new Roc(members, others);
    return new MembershipEvidence(attack, unit, members.length, others.length, auc.value(), auc.lower(confidence),
        auc.upper(confidence), confidence, roc.operatingPoints(), roc.thinned());
  }

  /**
   * A true positive rate.
   *
   * @param fpr false positive rate x; there are at least 10/x others
   * @param tpr true positive rate
   * @param low lower end of its 95 % interval (Clopper and Pearson 1934)
   * @param high upper end
   */
  public record OperatingPoint(double fpr, double tpr, double low, double high) {}
}
