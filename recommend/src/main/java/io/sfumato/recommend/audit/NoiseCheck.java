package io.sfumato.recommend.audit;

import io.sfumato.datasets.Split;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.LedgerEntry;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.training.NoiseGenerator;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.collaborative.PrivateStatistics;
import io.sfumato.recommend.config.SfumatoConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * The noise that was really added, with the data at hand: what was released minus what is exact must vary as the ledger states.
 *
 * <p>Of n coordinates with independent noise of deviation s, the squared residuals over s² sum up to a χ² variable of n degrees of freedom. The interval is such that one right release in a million falls outside of it; residuals outside are a
 * finding, since then either the noise or the data are others than those of the ledger. Measured deviations tell of the exact data: internal, not private.
 *
 * @param measured one an entry of the ledger that could be measured
 * @param findings red where one differs, green where none does
 */
public record NoiseCheck(List<Measured> measured, List<Finding> findings) {
  private static final double ERROR = 1e-6;

  public NoiseCheck {
    measured = List.copyOf(measured);
    findings = List.copyOf(findings);
  }

  /**
   * The noise of one release.
   *
   * @param entry index in the ledger
   * @param what was released
   * @param coordinates that were measured
   * @param stated standard deviation σ·D of the ledger
   * @param found root mean square of what was released minus what is exact
   * @param low the least that {@code found} is with the stated noise, in all but half a millionth of releases
   * @param high the most
   */
  public record Measured(int entry, String what, int coordinates, double stated, double found, double low,
      double high) {
    /** Whether the noise is that of the ledger. */
    public boolean holds() {
      return found >= low && found <= high;
    }
  }

  /**
   * Measures the popularity counts that the bundle's last training released.
   *
   * @param training exactly who took part, with canaries that were in and without those who were kept out
   * @param config of the training
   * @param bundle that was trained so
   * @throws PrivacyException {@code OTHER_DATA} where the catalogue is not the bundle's
   */
  public static NoiseCheck popularity(Split training, SfumatoConfig config, Bundle bundle) {
    PrivacyLedger ledger = bundle.ledger();
    List<Measured> measured = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    if (ledger == null) {
      return new NoiseCheck(measured, findings);
    }
    PrivateStatistics statistics = PrivateStatistics.of(training.train(), config.privacy().maxPerUser(), ledger.unit(),
        config.seed());
    float[] exact = statistics.popularity(0, NoiseGenerator.secure()).counts();
    for (LedgerEntry entry : LedgerChecks.lastTraining(ledger)) {
      FloatTensor counts = counts(bundle, entry.release());
      if (counts != null) {
        if (counts.values().length != exact.length) {
          throw new PrivacyException("OTHER_DATA",
              "the bundle released counts of %d items but the data have %d; give the data that it was trained on"
                  .formatted(counts.values().length, exact.length));
        }
        measured.add(measure(entry, counts.values(), exact));
      }
    }
    for (Measured one : measured) {
      String figures = String.format(Locale.ROOT,
          "%s: the noise of %d values deviates by %.4g, the ledger states %.4g (by chance %.4g to %.4g)", one.what,
          one.coordinates, one.found, one.stated, one.low, one.high);
      findings.add(one.holds() ? Finding.green("NOISE_MATCHES", figures)
          : Finding.red("NOISE_DIFFERS", figures,
              one.found < one.low ? "do not release the model: it was given less noise than it claims"
                  : "check that these are the data that it was trained on"));
    }
    return new NoiseCheck(measured, findings);
  }

  private static Measured measure(LedgerEntry entry, float[] released, float[] exact) {
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      double residual = (double) released[i] - exact[i];
      sum += residual * residual;
    }
    int n = exact.length;
    double stated = entry.release().noiseDeviation();
    ChiSquaredDistribution chi = ChiSquaredDistribution.of(n);
    return new Measured(entry.index(), entry.release().what(), n, stated, Math.sqrt(sum / n),
        stated * Math.sqrt(chi.inverseCumulativeProbability(ERROR / 2) / n),
        stated * Math.sqrt(chi.inverseSurvivalProbability(ERROR / 2) / n));
  }

  private static @org.jspecify.annotations.Nullable FloatTensor counts(Bundle bundle, Release release) {
    String name = Bundle.RELEASED + "/" + release.weightsSha256() + ".safetensors";
    if (!bundle.has(name)) {
      return null;
    }
    try {
      return ReleasedTensors.read(bundle.path(name))
          .tensors()
          .stream()
          .filter(tensor -> tensor.name().equals("counts"))
          .findFirst()
          .orElse(null);
    } catch (EncoderException e) {
      return null; // the checks of the bundle tell
    }
  }
}
