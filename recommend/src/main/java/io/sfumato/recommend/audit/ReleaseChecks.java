package io.sfumato.recommend.audit;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.privacy.accounting.LedgerEntry;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.PrivacyClaim;
import io.sfumato.recommend.bundle.UncheckedBundle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether what each ledger entry released is at hand and has the entry's hash, whether the model's files are those that the ledger ends with, and whether what the model serves was released at all.
 */
final class ReleaseChecks {
  private static final String FUSION = Bundle.MULTIMODAL + "/fusion.safetensors";
  private static final String PROFILE = "model/profile.safetensors";
  private static final String POPULAR = "model/models/popular.safetensors";
  private static final String STATISTICS = "model/statistics.safetensors";
  private static final List<String> MATRIX_MODELS = List.of("model/models/ease.safetensors",
      "model/models/ease-content.safetensors");
  private static final String RESTORE = "restore the bundle from a copy, or train again";
  /** Of float32 values that were computed in another order. */
  private static final double ROUNDING = 1e-5;

  private final UncheckedBundle bundle;
  private final PrivacyLedger ledger;
  private final List<Finding> findings = new ArrayList<>();

  private ReleaseChecks(UncheckedBundle bundle, PrivacyLedger ledger) {
    this.bundle = bundle;
    this.ledger = ledger;
  }

  static List<Finding> of(UncheckedBundle bundle, PrivacyLedger ledger,
      @SuppressWarnings("unused") PrivacyClaim claim) {
    ReleaseChecks checks = new ReleaseChecks(bundle, ledger);
    Map<LedgerEntry, ReleasedTensors> kept = checks.kept();
    checks.uncommitted();
    checks.sealed();
    checks.served(kept);
    if (checks.findings.isEmpty()) {
      checks.findings.add(Finding.green("RELEASES_MATCH",
          "all %d releases are at hand with the hashes of their ledger entries, and the model's files are those that its last entry commits to"
              .formatted(kept.size())));
    }
    return checks.findings;
  }

  /** What was charged, read again and hashed. */
  private Map<LedgerEntry, ReleasedTensors> kept() {
    Map<LedgerEntry, ReleasedTensors> kept = new LinkedHashMap<>();
    for (LedgerEntry entry : ledger.entries()) {
      Release release = entry.release();
      if (release.seals()) {
        continue;
      }
      String name = Bundle.RELEASED + "/" + release.weightsSha256() + ".safetensors";
      if (release.weightsSha256().isEmpty() || !bundle.has(name)) {
        red("RELEASE_NOT_KEPT", entry, release.weightsSha256().isEmpty() ? "commits to nothing" : name + " is missing");
        continue;
      }
      try {
        ReleasedTensors tensors = ReleasedTensors.read(bundle.path(name));
        if (tensors.sha256().equals(release.weightsSha256())) {
          kept.put(entry, tensors);
        } else {
          red("WEIGHTS_REPLACED", entry, "what " + name + " holds has another hash");
        }
      } catch (EncoderException e) {
        red("WEIGHTS_REPLACED", entry, e.getMessage() + "");
      }
    }
    return kept;
  }

  private void red(String code, LedgerEntry entry, String why) {
    findings.add(Finding.red(code,
        "ledger entry %d, %s: %s".formatted(entry.index(), entry.release().what(), why), RESTORE));
  }

  /** Files that look like releases but are none that was charged. */
  private void uncommitted() {
    Set<String> charged = new LinkedHashSet<>();
    ledger.entries()
        .stream()
        .filter(entry -> !entry.release().seals())
        .forEach(entry -> charged.add(Bundle.RELEASED + "/" + entry.release().weightsSha256() + ".safetensors"));
    for (String name : bundle.filesIn(Bundle.RELEASED)) {
      if (!charged.contains(name)) {
        findings.add(Finding.red("RELEASE_UNCHARGED", name + " was released, but no ledger entry was charged for it",
            RESTORE));
      }
    }
  }

  /** The files of the model against the ledger's last entry. */
  private void sealed() {
    Release last = ledger.entries().isEmpty() ? null : ledger.entries().getLast().release();
    if (last == null || !last.seals()) {
      findings.add(Finding.red("MODEL_UNSEALED", "the ledger's last entry does not commit to the files of the model",
          RESTORE));
    } else if (!last.weightsSha256().equals(bundle.modelHash())) {
      findings.add(Finding.red("WEIGHTS_REPLACED",
          "the files of the model are not those that the ledger's last entry commits to: one was changed, added or removed since",
          RESTORE));
    }
  }

  /** What is served must be what was charged. */
  private void served(Map<LedgerEntry, ReleasedTensors> kept) {
    try {
      if (newest(kept, "counts") == null) {
        if (bundle.has(POPULAR) || bundle.has(STATISTICS)) {
          uncharged("popularity counts");
        }
      } else if (bundle.has(POPULAR)) {
        popular(kept);
      }
      if (newest(kept, "directions.vectors") == null && MATRIX_MODELS.stream().anyMatch(bundle::has)) {
        uncharged("an item-item matrix");
      }
      fusion(kept);
    } catch (EncoderException e) {
      findings.add(Finding.red("MODEL_UNREADABLE", String.valueOf(e.getMessage()), RESTORE));
    }
  }

  /** Counts are served as the last training released them, 1 at least; where it released them twice, their mean, weighted by precision. */
  private void popular(Map<LedgerEntry, ReleasedTensors> kept) {
    float[] served;
    try (SafeTensors file = SafeTensors.read(bundle.path(POPULAR))) {
      served = file.tensor("counts").values();
    }
    double[] sums = new double[served.length];
    double precision = 0;
    for (LedgerEntry entry : LedgerChecks.lastTraining(ledger)) {
      ReleasedTensors tensors = kept.get(entry);
      FloatTensor counts = tensors == null ? null : newest(Map.of(entry, tensors), "counts");
      if (counts != null && counts.values().length == sums.length) {
        double weight = Math.pow(entry.release().noiseDeviation(), -2);
        precision += weight;
        for (int item = 0; item < sums.length; item++) {
          sums[item] += weight * counts.values()[item];
        }
      }
    }
    for (int item = 0; item < sums.length; item++) {
      double released = Math.max(1, sums[item] / precision);
      if (!(Math.abs(served[item] - released) <= ROUNDING * released)) {
        findings.add(Finding.red("WEIGHTS_REPLACED",
            "%s is not what was released: item %d has %s, but %s was released".formatted(POPULAR, item, served[item],
                released),
            RESTORE));
        return;
      }
    }
  }

  private void fusion(Map<LedgerEntry, ReleasedTensors> kept) {
    if (!bundle.has(FUSION)) {
      return;
    }
    ReleasedTensors released = null;
    for (ReleasedTensors tensors : kept.values()) {
      released = tensors.tensors().stream().anyMatch(tensor -> tensor.name().equals("user.map")) ? tensors : released;
    }
    if (released == null) {
      uncharged("fusion and user tower");
      return;
    }
    differing(FUSION, bundle.path(FUSION), released, "");
    if (bundle.has(PROFILE)) {
      differing(PROFILE, bundle.path(PROFILE), released, "user.");
    }
  }

  /** Compares the tensors of a served file with those of the same names that were released, bit by bit. */
  private void differing(String name, Path file, ReleasedTensors released, String prefix) {
    try (SafeTensors served = SafeTensors.read(file)) {
      for (FloatTensor tensor : released.tensors()) {
        String own = tensor.name().startsWith(prefix) ? tensor.name().substring(prefix.length()) : "";
        if (served.names().contains(own) && !Arrays.equals(served.tensor(own).values(), tensor.values())) {
          findings.add(Finding.red("WEIGHTS_REPLACED",
              "%s of %s is not what was released last".formatted(own, name), RESTORE));
          return;
        }
      }
    }
  }

  private void uncharged(String what) {
    findings.add(Finding.red("WEIGHTS_UNCHARGED",
        "the model serves " + what + ", but the ledger has no charged release of it", RESTORE));
  }

  private static @Nullable FloatTensor newest(Map<LedgerEntry, ReleasedTensors> kept, String name) {
    FloatTensor newest = null;
    for (ReleasedTensors tensors : kept.values()) {
      for (FloatTensor tensor : tensors.tensors()) {
        newest = tensor.name().equals(name) ? tensor : newest;
      }
    }
    return newest;
  }
}
