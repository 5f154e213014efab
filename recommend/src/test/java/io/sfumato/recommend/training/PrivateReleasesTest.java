package io.sfumato.recommend.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.privacy.accounting.Mechanism;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateReleasesTest {

  @TempDir
  private Path directory;

  private static PrivateReleases releases(int customers) {
    return releases(customers, null);
  }

  private static PrivateReleases releases(int customers, @Nullable Path kept) {
    SfumatoConfig config = ConfigReader.reference()
        .override("privacy.epsilon", 8.0, "the test")
        .override("privacy.noise", "seeded", "the test")
        .override("privacy.seed", 5, "the test")
        .read();
    Split split = Splitter.parse("coin", 1).split(DemoShop.builder().items(60).customers(customers).build().dataset());
    return PrivateReleases.make(config, split.train(), PrivacyLedger.empty(PrivacyUnit.USER),
        PrivateNoise.honest(config.privacy().seed()), kept,
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

  /** Also where a training was interrupted, and what was released is read again. */
  @Test
  void everyEntryCommitsToWhatIsKeptOfIt() {
    for (int customers : new int[]{40, 4000}) {
      Path kept = directory.resolve("kept" + customers);
      PrivateReleases made = releases(customers, kept);
      PrivateReleases again = releases(customers, kept);
      assertThat(again.ledger().head()).isEqualTo(made.ledger().head());
      for (PrivateReleases releases : List.of(made, again)) {
        assertThat(releases.released()).extracting(ReleasedTensors::sha256)
            .containsExactlyElementsOf(releases.ledger()
                .entries()
                .stream()
                .map(entry -> entry.release().weightsSha256())
                .toList());
      }
    }
  }

  @Test
  void theMatrixStandsOutByCountsAgainstNoise() {
    float[] counts = new float[100];
    Arrays.fill(counts, 320); // of at least 1,000 people with 32 items each
    assertThat(PrivateReleases.standsOut(counts, 32, 2.3)).isTrue(); // trace 1414, noise up to 46
    assertThat(PrivateReleases.standsOut(counts, 32, 2.4)).isFalse();
  }
}
