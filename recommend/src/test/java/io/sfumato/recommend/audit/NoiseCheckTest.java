package io.sfumato.recommend.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.privacy.training.NoiseGenerator;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleWriter;
import io.sfumato.recommend.bundle.PrivacyClaim;
import io.sfumato.recommend.bundle.Provenance;
import io.sfumato.recommend.collaborative.PrivateStatistics;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoiseCheckTest {
  private static final SfumatoConfig CONFIG = ConfigReader.reference().set("privacy.epsilon", "8").read();
  private static final Split SPLIT = split(300, 800);

  @TempDir
  private Path directory;

  private static Split split(int items, int customers) {
    return Splitter.parse("coin", 1).split(DemoShop.builder().items(items).customers(customers).build().dataset());
  }

  /** A bundle whose counts have {@code scale} of the noise that its ledger states. */
  private Bundle bundle(double scale) {
    double sigma = 6;
    PrivateStatistics statistics = PrivateStatistics.of(SPLIT.train(), CONFIG.privacy().maxPerUser(), PrivacyUnit.USER,
        CONFIG.seed());
    PrivateStatistics.Counts counts = statistics.popularity(sigma * scale, NoiseGenerator.seeded(3));
    ReleasedTensors kept = new ReleasedTensors(
        List.of(new FloatTensor("counts", new long[]{counts.counts().length}, counts.counts())));
    PrivacyLedger ledger = PrivacyLedger.empty(PrivacyUnit.USER)
        .append(new Release(Phase.of(sigma, 1, 1), counts.release().sensitivity(), counts.release().what(),
            kept.sha256(), counts.release().noise()));
    Path target = directory.resolve("shop-" + scale);
    try (BundleWriter writer = BundleWriter.create(target)) {
      writer.released(kept);
      writer.privacy(ledger, PrivacyClaim.of(ledger, PrivacyBudget.of(8, 1e-5), 32), Map.of());
      writer.commit(new Provenance("shop", "", "", "coin", 1, Map.of(), Map.of()));
    }
    return Bundle.open(target);
  }

  @Test
  void theStatedNoiseIsFound() {
    NoiseCheck check = NoiseCheck.popularity(SPLIT, CONFIG, bundle(1));
    assertThat(check.measured()).singleElement().satisfies(measured -> {
      assertThat(measured.coordinates()).isEqualTo(300);
      assertThat(measured.stated()).isEqualTo(6 * Math.sqrt(CONFIG.privacy().maxPerUser()));
      // χ² of 300 degrees of freedom: its quantiles of half a millionth are near 300 ± 4.89 √600, skewed upwards.
      assertThat(measured.low() / measured.stated()).isBetween(0.79, 0.82);
      assertThat(measured.high() / measured.stated()).isBetween(1.18, 1.21);
      assertThat(measured.found()).isBetween(measured.low(), measured.high());
    });
    assertThat(check.findings()).singleElement().satisfies(found -> {
      assertThat(found.severity()).isEqualTo(Severity.GREEN);
      assertThat(found.code()).isEqualTo("NOISE_MATCHES");
    });
  }

  @Test
  void lessNoiseThanStatedIsRed() {
    for (double scale : new double[]{0, 0.1, 0.7}) {
      assertThat(NoiseCheck.popularity(SPLIT, CONFIG, bundle(scale)).findings()).singleElement()
          .satisfies(found -> {
            assertThat(found.severity()).isEqualTo(Severity.RED);
            assertThat(found.code()).isEqualTo("NOISE_DIFFERS");
            assertThat(found.remedy()).contains("do not release");
          });
    }
  }

  @Test
  void otherDataIsRedOrRefused() {
    assertThat(NoiseCheck.popularity(split(300, 3000), CONFIG, bundle(1)).findings()).singleElement()
        .satisfies(found -> assertThat(found.severity()).isEqualTo(Severity.RED));
    Bundle bundle = bundle(2);
    assertThatThrownBy(() -> NoiseCheck.popularity(split(100, 200), CONFIG, bundle))
        .isInstanceOf(PrivacyException.class)
        .hasMessageContaining("300 items but the data have 100");
  }
}
