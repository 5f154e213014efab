package io.sfumato.recommend.audit;

import io.sfumato.privacy.audit.Finding;
import io.sfumato.recommend.training.Canary;
import io.sfumato.recommend.training.CanaryTranscript;
import io.sfumato.recommend.training.CanaryTranscript.Noted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * The noise of every release, the steps of the training included, as canaries that were out saw it: nothing else was released at them, so that their scores must vary as the ledger states. A sharper look at the noise
 * than any guess of coins: four fifths of it are told from all of it by some hundred canaries.
 *
 * <p>Squared scores over the stated variance sum up to a χ² variable. Canaries that share an item see the same noise there, so that there are as many degrees of freedom as ν = n²/Σ cos² of the angles between the canaries'
 * contributions, an item that two share counted for ½ (Satterthwaite 1946). Too much variation is not told apart from what canaries that are in leave at shared items, and does nobody harm; too little is found,
 * where one right release in a million would be called wrong.
 */
final class CanaryNoise {
  private static final double ERROR = 1e-6;
  /** cos² that an item is counted for which two canaries share: right where they share both of two, too much where they share one. */
  private static final double SHARED_ITEM = 0.5;
  /** Fewer degrees of freedom say next to nothing. */
  private static final double LEAST_FREEDOM = 10;

  private CanaryNoise() {}

  /** A finding for each release: red where it had less noise than its ledger states. None where too few canaries were out to tell. */
  static List<Finding> of(CanaryTranscript transcript, List<Canary> canaries) {
    List<Canary> out = canaries.stream().filter(canary -> !canary.in()).toList();
    double freedom = freedom(out);
    List<Finding> findings = new ArrayList<>();
    if (freedom < LEAST_FREEDOM) {
      return findings;
    }
    double least = Math.sqrt(ChiSquaredDistribution.of(freedom).inverseCumulativeProbability(ERROR) / freedom);
    for (Noted noted : transcript.releases()) {
      double ratio = noted.measuredDeviation(canaries) / noted.deviation();
      String figures = String.format(Locale.ROOT,
          "%s: %d canaries that were out saw %.3f times the noise that the ledger states (%.3f at least by chance)",
          noted.what(), out.size(), ratio, least);
      findings.add(ratio < least
          ? Finding.red("CANARY_NOISE_DIFFERS", figures,
              "do not release the model: it was given less noise than it claims")
          : Finding.green("CANARY_NOISE_MATCHES", figures));
    }
    return findings;
  }

  /** ν: the number of canaries, or fewer where they share items. */
  static double freedom(List<Canary> out) {
    Map<Integer, Integer> takers = new HashMap<>();
    for (Canary canary : out) {
      for (int item : canary.items()) {
        takers.merge(item, 1, Integer::sum);
      }
    }
    double sharing = takers.values().stream().mapToDouble(n -> n * (n - 1.0)).sum();
    return out.isEmpty() ? 0
        : out.size() * (double) out.size() / (out.size() + SHARED_ITEM * sharing);
  }
}
