package io.sfumato.recommend.audit;

import io.sfumato.privacy.accounting.LedgerEntry;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.audit.MechanismFacts;
import io.sfumato.privacy.audit.MechanismFacts.NoisyRelease;
import io.sfumato.recommend.bundle.PrivacyClaim;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.training.Canary;
import io.sfumato.recommend.training.CanaryTranscript;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a bundle's promise is kept, as a report tells it. */
final class MechanismParts {
  private MechanismParts() {}

  /**
   * @param people exact facts of the training, see {@link io.sfumato.recommend.bundle.Bundle#peopleFacts}
   * @param measured standard deviation of the noise that was found in a release, by place in the ledger
   */
  static MechanismFacts facts(PrivacyLedger ledger, PrivacyClaim claim, SfumatoConfig config,
      Map<String, Object> people, Map<Integer, Double> measured) {
    List<NoisyRelease> releases = new ArrayList<>();
    for (LedgerEntry entry : ClaimParts.noisy(ledger)) {
      Release release = entry.release();
      releases.add(new NoisyRelease(release.what(), release.phase().mechanism().sigma(),
          release.phase().mechanism().samplingRate(), release.phase().steps(), release.sensitivity(),
          why(release, claim), release.noiseDeviation(), measured.get(entry.index())));
    }
    Map<?, ?> steps = people.get("steps") instanceof Map<?, ?> map ? map : Map.of();
    return new MechanismFacts(releases,
        String.format(Locale.ROOT, "%s, to norm %s", config.privacy().clip(), config.privacy().clipNorm()),
        config.privacy().samplingRate() * config.privacy().publicUsers(), text(steps, "sampler", "poisson"),
        claim.noise(), text(steps, "validator", "not kept by this bundle"), batchSizes(steps));
  }

  private static String text(Map<?, ?> facts, String name, String otherwise) {
    return facts.get(name) instanceof String text ? text : otherwise;
  }

  private static SortedMap<Integer, Long> batchSizes(Map<?, ?> steps) {
    SortedMap<Integer, Long> sizes = new TreeMap<>();
    if (steps.get("batch_sizes") instanceof Map<?, ?> map) {
      map.forEach((size, count) -> {
        if (count instanceof Number number && String.valueOf(size).matches("\\d{1,9}")) {
          sizes.put(Integer.valueOf(String.valueOf(size)), number.longValue());
        }
      });
    }
    return sizes;
  }

  /** Why D is what it is. */
  private static String why(Release release, PrivacyClaim claim) {
    boolean user = claim.unit() == PrivacyUnit.USER;
    if (ReleasedCounts.isCounts(release)) {
      return user
          ? "A person adds 1 to each of at most k = %d counts, so that the sum moves by √k; which items count is drawn by the person's own coins."
              .formatted(claim.maxPerUser())
          : "An interaction more or less exchanges at most one of its person's counted items for another, which moves the sum by √2; D is half of that, and is accounted as an exchange.";
    }
    if (ReleasedCounts.isMatrix(release)) {
      if (!release.what().contains("unit")) {
        return user
            ? "A person adds 1 to each pair of at most k = %d items, of which there are k(k+1)/2; D is the root of that."
                .formatted(claim.maxPerUser())
            : "An interaction more or less exchanges at most k pairs for k others, which moves the sum by √(2k); D is half of that, and is accounted as an exchange.";
      }
      return user
          ? "A person's pairs of items are divided by their own norm, so that the sum moves by 1 at most."
          : "A person's pairs of items have norm 1 with and without the interaction, and two such vectors are √2 apart at most; D is half of that, and is accounted as an exchange.";
    }
    if (release.what().contains("objective")) {
      return (user
          ? "The gradient of all of a person's items together is clipped to norm C = D; "
          : "The gradient of each group of a person's items is clipped to norm C = D; ")
          + "negatives are drawn from the public catalogue by the person's own coins, so that nobody else's gradient depends on them.";
    }
    return "As its ledger states; this version does not know this kind of release.";
  }

  /**
   * Noise that was found in releases by what canaries that were out got of them, by place in the ledger: the deviation that the ledger states times the ratio of found to expected.
   *
   * @param ledger whose last entries with noise are those of the transcript
   */
  static Map<Integer, Double> measured(PrivacyLedger ledger, CanaryTranscript transcript, List<Canary> canaries) {
    Map<Integer, Double> measured = new HashMap<>();
    List<LedgerEntry> entries = ClaimParts.noisy(ledger);
    int from = entries.size() - transcript.releases().size();
    for (int i = 0; i < transcript.releases().size() && from >= 0; i++) {
      CanaryTranscript.Noted noted = transcript.releases().get(i);
      LedgerEntry entry = entries.get(from + i);
      double found = noted.measuredDeviation(canaries);
      if (Double.isFinite(found) && entry.release().what().equals(noted.what())) {
        measured.put(entry.index(), entry.release().noiseDeviation() * found / noted.deviation());
      }
    }
    return measured;
  }
}
