package io.sfumato.recommend.audit;

import io.sfumato.fusion.training.PrivateTraining;
import io.sfumato.privacy.accounting.LedgerEntry;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.recommend.bundle.PrivacyClaim;
import io.sfumato.recommend.bundle.UncheckedBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the training did what was accounted: the configured sampling against the ledger's, the sizes of its batches against those of Poisson sampling, layers without a rule, δ against the number of
 * people. Batch sizes and the number of people are read from {@code people/}: internal, and not there in a bundle that was exported.
 */
final class TrainingChecks {
  private static final String RESTORE = "restore the bundle from a copy, or train again";

  private final UncheckedBundle bundle;
  private final PrivacyLedger ledger;
  private final PrivacyClaim claim;
  private final Map<String, Object> people;
  private final List<Finding> findings = new ArrayList<>();

  private TrainingChecks(UncheckedBundle bundle, PrivacyLedger ledger, PrivacyClaim claim) {
    this.bundle = bundle;
    this.ledger = ledger;
    this.claim = claim;
    this.people = bundle.peopleFacts();
  }

  static List<Finding> of(UncheckedBundle bundle, PrivacyLedger ledger, PrivacyClaim claim) {
    TrainingChecks checks = new TrainingChecks(bundle, ledger, claim);
    Release steps = checks.lastSteps();
    if (steps != null) {
      checks.configured(steps);
      checks.sampled(steps);
    }
    checks.delta();
    return checks.findings;
  }

  /** The last release that was made of steps; null where there is none. */
  private @Nullable Release lastSteps() {
    Release last = null;
    for (LedgerEntry entry : ledger.entries()) {
      last = entry.release().what().startsWith("model weights") ? entry.release() : last;
    }
    return last;
  }

  private void configured(Release release) {
    Map<?, ?> settings = bundle.provenance().configuration().get("privacy") instanceof Map<?, ?> map ? map : Map.of();
    double q = number(settings.get("sampling-rate"));
    double steps = number(settings.get("steps"));
    boolean same = q == release.phase().mechanism().samplingRate() && steps == release.phase().steps();
    if (!same) {
      findings.add(Finding.red("SAMPLER_DIFFERS",
          "the training was configured for sampling rate %s and %s steps, the ledger accounts for %s and %d".formatted(
              settings.get("sampling-rate"), settings.get("steps"), release.phase().mechanism().samplingRate(),
              release.phase().steps()),
          RESTORE));
    }
  }

  private void sampled(Release release) {
    if (!(people.get("steps") instanceof Map<?, ?> facts) || facts.isEmpty()) {
      findings.add(Finding.yellow("BATCHES_UNKNOWN",
          "how many people each step drew was not kept, or was left out: sampling could not be checked", ""));
      return;
    }
    String sampler = String.valueOf(facts.get("sampler"));
    if (!sampler.equals("poisson")) {
      findings.add(Finding.red("SAMPLER_DIFFERS",
          "units were drawn by '%s', but the ledger accounts for Poisson sampling".formatted(sampler),
          "train with Poisson sampling"));
    }
    layers(facts);
    SortedMap<Integer, Long> sizes = sizes(facts.get("batch_sizes"));
    if (sizes == null || sizes.isEmpty()) {
      findings.add(Finding.red("SAMPLER_DIFFERS", "the sizes of the batches cannot be read", RESTORE));
      return;
    }
    BatchSizes batches = new BatchSizes(sizes);
    if (batches.steps() != release.phase().steps() && !resumed(facts, release)) {
      findings.add(Finding.red("SAMPLER_DIFFERS",
          "%d steps were counted while training, the ledger accounts for %d".formatted(batches.steps(),
              release.phase().steps()),
          RESTORE));
    }
    double q = release.phase().mechanism().samplingRate();
    String fault = batches.fault(q, units(facts));
    String figures = String.format(Locale.ROOT, "%d batches of %.1f units on average, variance %.1f", batches.steps(),
        batches.mean(), batches.variance());
    if (fault != null) {
      findings.add(Finding.red("SAMPLER_DIFFERS", figures + ": " + fault, "train with Poisson sampling"));
    } else {
      findings.add(Finding.green("SAMPLER_MATCHES", figures
          + (batches.telling() ? ", as Poisson sampling at rate %s gives".formatted(q)
              : ": too few to tell Poisson sampling from another")));
    }
  }

  /** A training that was interrupted counted the steps since alone. */
  private static boolean resumed(Map<?, ?> facts, Release release) {
    return number(facts.get("steps")) < release.phase().steps() && Boolean.TRUE.equals(facts.get("resumed"));
  }

  private void layers(Map<?, ?> facts) {
    if (facts.get("layers_without_rule") instanceof List<?> layers && !layers.isEmpty()) {
      findings.add(Finding.red("LAYER_WITHOUT_RULE",
          "layers were trained for which there is no rule of per-example gradients: " + layers,
          "train with --set privacy.microbatches=true"));
    } else if (!(facts.get("validator") instanceof String told) || told.isBlank()) {
      findings
          .add(Finding.yellow("LAYERS_UNKNOWN", "whether every layer had a rule of per-example gradients is not told",
              "train again with this version"));
    } else {
      findings.add(Finding.green("LAYERS_KNOWN", told));
    }
  }

  private void delta() {
    double n = number(people.get("users"));
    if (n > 0 && claim.delta() * n >= 1) {
      findings.add(Finding.yellow("DELTA_LARGE", String.format(Locale.ROOT,
          "delta %.1e is not below one over the number of people, %.0f: revealing all of one of them at random would satisfy it",
          claim.delta(), n), String.format(Locale.ROOT, "train with --delta %.0e or less", 0.1 / n)));
    }
  }

  /**
   * Units that could be drawn; 0 where it is not known.
   *
   * @param facts of the steps, whose people are canaries too
   */
  private double units(Map<?, ?> facts) {
    double drawn = number(facts.get("users"));
    double users = drawn > 0 ? drawn : number(people.get("users"));
    return users > 0 ? ledger.unit() == PrivacyUnit.USER ? users : users * PrivateTraining.RECORD_GROUPS : 0;
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static @Nullable SortedMap<Integer, Long> sizes(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return null;
    }
    SortedMap<Integer, Long> sizes = new TreeMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      try {
        int size = Integer.parseInt(String.valueOf(entry.getKey()));
        if (size < 0 || !(entry.getValue() instanceof Number count) || count.longValue() < 0) {
          return null;
        }
        sizes.put(size, count.longValue());
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return sizes;
  }
}
