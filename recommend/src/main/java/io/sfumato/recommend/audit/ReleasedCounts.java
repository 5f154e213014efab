package io.sfumato.recommend.audit;

import io.sfumato.privacy.accounting.LedgerEntry;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.Release;

/** What a ledger tells of the popularity counts in a model: those of its last training, made once or twice. */
final class ReleasedCounts {
  private static final String COUNTS = "popularity counts";
  private static final String MATRIX = "item-item matrix";

  private ReleasedCounts() {}

  /** Whether a release is of popularity counts. */
  static boolean isCounts(Release release) {
    return release.what().startsWith(COUNTS);
  }

  /** Whether a release is of an item-item matrix. */
  static boolean isMatrix(Release release) {
    return release.what().startsWith(MATRIX);
  }

  /** Standard deviation of the noise in each count: of the mean, weighted by precision, where they were made twice. 0 where they have none. */
  static double deviation(PrivacyLedger ledger) {
    double precision = 0;
    boolean found = false;
    for (LedgerEntry entry : ledger.entries().reversed()) {
      Release release = entry.release();
      if (isCounts(release)) {
        precision += Math.pow(release.noiseDeviation(), -2);
      } else if (found && !isMatrix(release)) {
        break; // the steps of an earlier training
      }
      found |= isCounts(release) || isMatrix(release);
    }
    return precision > 0 ? 1 / Math.sqrt(precision) : 0;
  }
}
