package io.sfumato.recommend.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.privacy.accounting.Mechanism;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PrivateReleasesTest {

  private static PrivateReleases releases(int customers) {
    SfumatoConfig config = ConfigReader.reference()
        .override("privacy.epsilon", 8.0, "the test")
        .override("privacy.noise", "seeded", "the test")
        .override("privacy.seed", 5, "the test")
        .read();
    Split split = Splitter.parse("coin", 1).split(DemoShop.builder().items(60).customers(customers).build().dataset());
    return PrivateReleases.make(config, split.train(), PrivacyLedger.empty(PrivacyUnit.USER),
        PrivateNoise.honest(config.privacy().seed()), null,
        Progress.silent());
  }

  /** Which of the two it is depends on people, so both must spend the same. */
  @Test
  void fewPeopleAreCountedOnceMoreWithTheNoiseMultiplierOfTheMatrix() {
    PrivateReleases few = releases(40);
    PrivateReleases many = releases(4000);
    assertThat(few.directions()).isNull();
    assertThat(many.directions()).isNotNull();
    assertThat(few.ledger().entries()).hasSize(2);
    assertThat(many.ledger().entries()).hasSize(2);
    Mechanism counted = few.ledger().phases().get(1).mechanism();
    assertThat(counted).isEqualTo(many.ledger().phases().get(1).mechanism());
    assertThat(few.ledger().entries().get(1).release().what()).startsWith("popularity");
    assertThat(many.ledger().entries().get(1).release().what()).startsWith("item-item");
  }

  @Test
  void theMatrixStandsOutByCountsAgainstNoise() {
    float[] counts = new float[100];
    Arrays.fill(counts, 320); // of at least 1,000 people with 32 items each
    assertThat(PrivateReleases.standsOut(counts, 32, 2.3)).isTrue(); // trace 1414, noise up to 46
    assertThat(PrivateReleases.standsOut(counts, 32, 2.4)).isFalse();
  }
}
