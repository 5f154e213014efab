package io.sfumato.recommend.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.training.CanaryTranscript.Noted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What canaries tell of noise that is as the ledger says, of noise that is not, and of none. */
class CanaryTranscriptTest {
  private static final int CANARIES = 200;

  /** Draws and noise are seeded: of a hundred trainings with secure ones, one or two lie outside of the bounds below by chance. */
  private static SfumatoConfig config(String unit) {
    return ConfigReader.reference()
        .override("privacy.noise", "seeded", "the test")
        .override("privacy.seed", 3, "the test")
        .override("privacy.epsilon", 4.0, "the test")
        .override("privacy.unit", unit, "the test")
        .override("privacy.steps", 30, "the test")
        .override("privacy.sampling-rate", 0.1, "the test")
        .override("image.size", 32, "the test")
        .override("fusion.dimension", 16, "the test")
        .read();
  }

  private static Split shop(int customers) {
    return Splitter.parse("coin", 1)
        .split(DemoShop.builder().items(400).customers(customers).build().dataset());
  }

  private static TrainedRecommender train(RecommenderTrainer trainer, PlantedData data) {
    return trainer.planted(data).train(data.training(), List.of("image"), null, Progress.silent());
  }

  private static List<Noted> noted(TrainedRecommender trained) {
    return Objects.requireNonNull(trained.transcript()).releases();
  }

  private static double mean(Noted noted, PlantedData data, boolean in) {
    return IntStream.range(0, CANARIES)
        .filter(canary -> data.canaries().get(canary).in() == in)
        .mapToDouble(canary -> noted.scores()[canary])
        .average()
        .orElseThrow();
  }

  /** Root mean square of what was out, over what the ledger tells. */
  private static double ratio(Noted noted, PlantedData data) {
    return noted.measuredDeviation(data.canaries()) / noted.deviation();
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "record"})
  void withoutNoiseEveryReleaseTellsWhoWasIn(String unit) {
    SfumatoConfig config = config(unit);
    PlantedData data = PlantedData.plant(shop(300), new AuditPlan(0.1, CANARIES, 5), config.privacy().privacyUnit());
    try (TrainedRecommender trained = train(new RecommenderTrainer(config).withoutNoise(), data)) {
      List<Noted> noted = noted(trained);
      assertThat(noted).hasSize(3);
      for (Noted release : noted) {
        assertThat(release.deviation()).as(release.what()).isPositive();
        assertThat(mean(release, data, true) - mean(release, data, false)).as(release.what()).isBetween(0.85, 1.15);
        assertThat(mean(release, data, false)).as(release.what()).isBetween(-1e-4, 0.4); // items are shared
      }
      assertThat(noted.getLast().measuredDeviation(data.canaries())).isLessThan(1e-4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "record"})
  void honestNoiseHasTheDeviationOfTheLedger(String unit) {
    SfumatoConfig config = config(unit);
    PlantedData data = PlantedData.plant(shop(100), new AuditPlan(0, CANARIES, 6), config.privacy().privacyUnit());
    try (TrainedRecommender trained = train(new RecommenderTrainer(config), data)) {
      for (Noted release : noted(trained)) {
        assertThat(ratio(release, data)).as(release.what()).isBetween(0.7, 1.3); // about 100 canaries are out
      }
      PrivateOutcome outcome = Objects.requireNonNull(trained.privacy());
      assertThat(outcome.claim().epsilon()).isBetween(3.9, 4.0);
      assertThat(outcome.internal()).containsKey("steps");
    }
  }

  /** The ledger says what it would have said, the canaries say otherwise, and nothing of it can be written. */
  @Test
  void falsifiedNoiseShows(@TempDir Path folder) {
    SfumatoConfig config = config("user");
    PlantedData data = PlantedData.plant(shop(100), new AuditPlan(0, CANARIES, 7), config.privacy().privacyUnit());
    try (TrainedRecommender trained = train(new RecommenderTrainer(config).falsified(0.1), data)) {
      PrivateOutcome outcome = Objects.requireNonNull(trained.privacy());
      assertThat(outcome.ledger().spend(1e-5, Neighbouring.ADD_REMOVE).pldEpsilon()).isBetween(3.9, 4.0);
      for (Noted release : noted(trained)) {
        assertThat(ratio(release, data)).as(release.what()).isLessThan(0.4);
      }
      assertThatThrownBy(() -> trained.write(folder.resolve("bundle"), data, "", config, false))
          .isInstanceOf(PrivacyException.class)
          .hasMessageContaining("not written");
      assertThat(Files.exists(folder.resolve("bundle"))).isFalse();
    }
  }

  @Test
  void eachReleaseCountsByHowLittleNoiseItHas() {
    CanaryTranscript transcript = new CanaryTranscript(List.of(new Noted("a", new double[]{1, 0}, 2),
        new Noted("b", new double[]{1, 3}, 0.5)));
    assertThat(transcript.combined()).containsExactly(0.25 + 4, 12);
  }
}
