package io.sfumato.privacy.audit;

import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.TradeOff;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a claim allows an attack that tells members from others. */
final class AllowedRoc {
  private static final int POINTS = 60;
  private static final double LEAST = 1e-4;

  private AllowedRoc() {}

  /** The curve, dense at both ends. */
  static List<Point> points(TradeOff curve) {
    List<Point> points = new ArrayList<>();
    points.add(new Point(0, curve.maxTruePositiveRate(0)));
    for (int i = 0; i <= POINTS; i++) {
      double x = LEAST * Math.pow(0.5 / LEAST, i / (double) POINTS);
      points.add(new Point(x, curve.maxTruePositiveRate(x)));
    }
    for (int i = POINTS - 1; i >= 0; i--) {
      double x = 1 - LEAST * Math.pow(0.5 / LEAST, i / (double) POINTS);
      points.add(new Point(x, curve.maxTruePositiveRate(x)));
    }
    points.add(new Point(1, 1));
    return points;
  }

  /**
   * The largest mean area of attacks on one model that rank a member among so many others. Were the member left out, its rank would be uniform, since who is in was drawn at random; the claim bounds how far the
   * ranks can move: {@code 1/n·Σ_k g(k/(n + 1))} over k = 1…n. Falls to the area below g with n. Unlike the area below g, it allows for all scores coming from one model.
   *
   * @param highest g, the highest true positive rate at each false positive rate
   */
  static double auc(DoubleUnaryOperator highest, int others) {
    double sum = 0;
    for (int k = 1; k <= others; k++) {
      sum += highest.applyAsDouble(k / (others + 1.0));
    }
    return sum / others;
  }

  /** What the claim allows of telling canaries, which are units of the claim's kind. */
  static DoubleUnaryOperator ofCanaries(AuditClaim claim) {
    return claim.curve()::maxTruePositiveRate;
  }

  /**
   * What the claim allows of telling {@code user}s or {@code record}s of real people; null where it says nothing of them: a claim for records does not bound all records of a user together. Of a claim for users, one record
   * more exchanges a user's data for the same with it: one user is removed and another added, so the curve is gone through twice.
   */
  static @Nullable DoubleUnaryOperator ofMembers(AuditClaim claim, String unit) {
    TradeOff curve = claim.curve();
    if (unit.equals(claim.unit().label())) {
      return curve::maxTruePositiveRate;
    }
    return claim.unit() == PrivacyUnit.USER
        ? fpr -> curve.maxTruePositiveRate(Math.clamp(curve.maxTruePositiveRate(fpr), 0, 1))
        : null;
  }

  /**
   * What follows from how well units are told.
   *
   * @param highest g, the highest true positive rate that the claim allows at each false positive rate
   */
  static List<Finding> findings(DoubleUnaryOperator highest, MembershipEvidence evidence) {
    double allowed = auc(highest, evidence.others());
    return evidence.aucLow() <= allowed ? List.of()
        : List.of(Finding.red("AUC_ABOVE_CLAIM", String.format(Locale.ROOT,
            "%s tells each %s that was trained on from one that was not with an area under the curve of %.4f, at least %.4f at confidence %s, but the claim allows %.4f.",
            evidence.attack(), evidence.unit(), evidence.auc(), evidence.aucLow(),
            CanaryTest.percent(evidence.confidence()), allowed),
            "Do not rely on the claim; look for a use of the data that the ledger does not charge. Members and others must have been drawn at random: where they were not, they may differ by themselves."));
  }
}
