package io.sfumato.privacy.audit;

import java.util.List;

/**
 * How well an attack tells those who were trained on from those who were not.
 *
 * @param attack {@code loss threshold} or {@code LiRA}
 * @param unit {@code user} or {@code record}
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
   * A true positive rate.
   *
   * @param fpr false positive rate x; there are at least 10/x others
   * @param tpr true positive rate
   * @param low lower end of its 95 % interval (Clopper and Pearson 1934)
   * @param high upper end
   */
  public record OperatingPoint(double fpr, double tpr, double low, double high) {}
}
