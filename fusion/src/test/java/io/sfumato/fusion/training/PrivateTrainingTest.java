package io.sfumato.fusion.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.image.ResNetConfig;
import io.sfumato.encoders.image.ResNetEncoder;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.FusionKind;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.NoiseSource;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.training.Clipping;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateTrainingTest {
  private static final Dataset SHOP = DemoShop.builder().items(60).customers(80).build().dataset();
  private static final Split SPLIT = Splitter.parse("random", 3).split(SHOP);
  private static final PrivacyBudget BUDGET = PrivacyBudget.of(8, 1e-5);

  private static TrainingConfig.Builder config() {
    return TrainingConfig.builder().dimension(8).itemsPerStep(16).image(FineTuning.frozen());
  }

  private static PrivateTraining privacy() {
    return PrivateTraining.of(BUDGET).withSteps(0.3, 4).withItems(10, 5);
  }

  private static MultimodalModel train(TrainingConfig config, PrivateTraining privacy, Split split) {
    return JointTrainer.builder()
        .modality(Modality.text(new WordsEncoder()))
        .modality(Modality.image(new ResNetEncoder(new ResNetConfig(16, List.of(8, 16), List.of(1, 1), 4, 16, 1))))
        .config(config)
        .privacy(privacy)
        .build()
        .train(split, Progress.silent());
  }

  private static float[] vectors(MultimodalModel model) {
    ItemVectors vectors = model.encode(SHOP.catalog(), null, Progress.silent());
    float[] out = new float[vectors.size() * vectors.dimension()];
    for (int item = 0; item < vectors.size(); item++) {
      vectors.copyFused(item, out, item * vectors.dimension());
    }
    return out;
  }

  /** One backward pass for many people gives what one for each gives: fusion, user tower, temperature and encoders. */
  @ParameterizedTest
  @EnumSource(FusionKind.class)
  void bookKeepingIsOnePersonAtATime(FusionKind fusion) {
    same(config().fusion(fusion).build());
  }

  @Test
  void bookKeepingIsOnePersonAtATimeWhileAnEncoderLearns() {
    same(config().image(FineTuning.full()).build());
  }

  private static void same(TrainingConfig config) {
    PrivateTraining clipped = privacy().clipOnly().seeded(5).withClipping(Clipping.flat(0.05));
    try (MultimodalModel many = train(config, clipped, SPLIT);
        MultimodalModel one = train(config, clipped.withMicrobatches(), SPLIT)) {
      assertThat(vectors(many)).containsExactly(vectors(one), within(2e-3f)); // AdamW divides by small gradients
      assertThat(many.userProfile().map()).containsExactly(one.userProfile().map(), within(2e-3f));
      assertThat(many.temperature()).isCloseTo(one.temperature(), within(1e-4));
      assertThat(many.temperature()).isNotCloseTo(config.temperature(), within(1e-4));
    }
  }

  @Test
  void theLedgerSaysWhatWasSpentAndTheBudgetIsKept() {
    PrivateTraining privacy = privacy();
    try (MultimodalModel model = train(config().build(), privacy, SPLIT)) {
      PrivacyLedger ledger = Objects.requireNonNull(model.ledger());
      assertThat(ledger.entries()).hasSize(1);
      Release release = ledger.entries().getFirst().release();
      assertThat(release.phase().steps()).isEqualTo(4);
      assertThat(release.phase().mechanism().samplingRate()).isEqualTo(0.3);
      assertThat(release.noise()).isEqualTo(NoiseSource.SECURE);
      assertThat(release.weightsSha256()).hasSize(64);
      assertThat(ledger.spend(1e-5, Neighbouring.ADD_REMOVE).pldEpsilon()).isBetween(7.9, 8.0);
    }
  }

  @Test
  void furtherTrainingSpendsWhatIsLeftAndNoMore() {
    Release earlier = new Release(Phase.of(2, 1, 1), 3, "popularity counts", "", NoiseSource.SECURE);
    PrivacyLedger before = PrivacyLedger.empty(PrivacyUnit.USER).append(earlier);
    try (MultimodalModel model = train(config().build(), privacy().after(before), SPLIT)) {
      PrivacyLedger ledger = Objects.requireNonNull(model.ledger());
      assertThat(ledger.continues(before)).isTrue();
      assertThat(ledger.spend(1e-5, Neighbouring.ADD_REMOVE).pldEpsilon()).isBetween(7.9, 8.0);
      assertThatThrownBy(() -> train(config().build(), privacy().after(ledger), SPLIT))
          .isInstanceOf(PrivacyException.class)
          .satisfies(e -> assertThat(((PrivacyException) e).code()).isEqualTo("BUDGET_EXHAUSTED"));
    }
  }

  /** Nobody looks at validation or test interactions, nor at popularity: the same training part gives the same model. */
  @Test
  void onlyTrainingInteractionsCountAndOnlyThroughSteps() {
    Interactions train = SPLIT.train();
    Interactions nobody = train.select(row -> false);
    Split bare = new Split(with(train), SPLIT.kind(), train, nobody, nobody);
    try (MultimodalModel a = train(config().build(), privacy().seeded(1), SPLIT);
        MultimodalModel b = train(config().build(), privacy().seeded(1), bare)) {
      assertThat(vectors(a)).containsExactly(vectors(b));
      assertThat(Objects.requireNonNull(a.ledger()).seeded()).isTrue();
    }
  }

  private static Dataset with(Interactions interactions) {
    return new Dataset("part", SHOP.catalog(), interactions, SHOP.report());
  }

  @Test
  void peopleWithoutAnythingToLearnFromTrainAModelToo() {
    Interactions nobody = SPLIT.train().select(row -> false);
    try (MultimodalModel model = train(config().build(), privacy(),
        new Split(with(nobody), "none", nobody, nobody, nobody))) {
      assertThat(Objects.requireNonNull(model.ledger()).entries()).hasSize(1);
    }
  }

  @Test
  void anInterruptedTrainingCountsItsStepsOnce(@TempDir Path directory) {
    TrainingConfig config = config().resume(directory).build();
    train(config, privacy(), SPLIT).close();
    try (MultimodalModel resumed = train(config, privacy(), SPLIT)) { // all its steps are in the checkpoint
      PrivacyLedger ledger = Objects.requireNonNull(resumed.ledger());
      assertThat(ledger.phases().getFirst().steps()).isEqualTo(4);
    }
    assertThatThrownBy(() -> train(config, privacy().withSteps(0.3, 5), SPLIT)).isInstanceOf(FusionException.class)
        .hasMessageContaining("another configuration");
  }

  @Test
  void aRecordIsAccountedAsAGroupThatIsExchanged() {
    PrivacyBudget replace = new PrivacyBudget(8, 1e-5, Neighbouring.REPLACE);
    PrivateTraining privacy = PrivateTraining.of(replace)
        .withSteps(0.3, 4)
        .withItems(10, 5)
        .after(PrivacyLedger.empty(PrivacyUnit.RECORD));
    try (MultimodalModel model = train(config().build(), privacy, SPLIT)) {
      PrivacyLedger ledger = Objects.requireNonNull(model.ledger());
      assertThat(ledger.spend(1e-5, Neighbouring.REPLACE).pldEpsilon()).isBetween(7.9, 8.0);
    }
    assertThatThrownBy(() -> PrivateTraining.of(BUDGET).after(PrivacyLedger.empty(PrivacyUnit.RECORD)))
        .isInstanceOf(FusionException.class)
        .hasMessageContaining("REPLACE");
  }

  @Test
  void aPlainContrastiveObjectiveIsRefusedWithTheAlternatives() {
    assertThatThrownBy(() -> train(config().contrastiveWeight(0.1).build(), privacy(), SPLIT))
        .isInstanceOf(FusionException.class)
        .hasMessageContaining("GroupedContrastiveObjective")
        .hasMessageContaining("contrastive weight");
  }

  /** What a person brings to a step depends on nobody else, so that with or without them the others bring the same. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAUnitDrawsDependsOnItAlone(boolean learns) {
    TrainingConfig config = config().build();
    UnitPlan all = new UnitPlan(SPLIT.train(), privacy(), config, learns);
    String leaver = SPLIT.train().userId(0);
    Interactions others = SPLIT.train().select(row -> !SPLIT.train().userId(SPLIT.train().user(row)).equals(leaver));
    UnitPlan without = new UnitPlan(others, privacy(), config, learns);
    int[] units = {3, 9, 4};
    Step together = all.step(units, 7);
    int from = 0;
    for (int row = 0; row < units.length; row++) {
      Step alone = without.step(new int[]{units[row]}, 7);
      int n = together.items().length;
      for (int i = 0; i < alone.items().length; i++) {
        assertThat(together.items()[from + i]).isEqualTo(alone.items()[i]);
        assertThat(rows(together).user()[from + i]).isEqualTo(row);
        assertThat(rows(together).seeds()[from + i]).isEqualTo(rows(alone).seeds()[i]);
        assertThat(together.targets()[row * n + from + i]).isEqualTo(alone.targets()[i]);
        assertThat(hidden(together)[row * n + from + i]).isEqualTo(hidden(alone)[i]);
      }
      for (int i = 0; i < n; i++) {
        if (i < from || i >= from + alone.items().length) {
          assertThat(hidden(together)[row * n + i]).isEqualTo(1);
          assertThat(together.targets()[row * n + i]).isZero();
        }
      }
      from += alone.items().length;
    }
  }

  private static Step.Rows rows(Step step) {
    return Objects.requireNonNull(step.rows());
  }

  private static float[] hidden(Step step) {
    float @Nullable [] hidden = step.hidden();
    return Objects.requireNonNull(hidden);
  }

  /** A target is never hidden, never in the history, and own items are no negatives. */
  @Test
  void targetsAreHeldOutOfTheHistory() {
    UnitPlan plan = new UnitPlan(SPLIT.train(), privacy(), config().build(), false);
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 50; trial++) {
      int unit = random.nextInt(plan.units());
      if (plan.batches(new int[]{unit}).isEmpty()) {
        continue;
      }
      Step step = plan.step(new int[]{unit}, trial);
      int[] all = SPLIT.train().itemsOf(unit);
      List<Integer> own = Arrays.stream(all, Math.max(0, all.length - 10), all.length).boxed().toList();
      int targets = 0;
      int history = 0;
      for (int i = 0; i < step.items().length; i++) {
        boolean target = step.targets()[i] == 1;
        boolean past = step.mask()[i] == 1;
        assertThat(target && (past || hidden(step)[i] == 1)).isFalse();
        assertThat(hidden(step)[i]).isEqualTo(own.contains(step.items()[i]) && !target ? 1 : 0);
        targets += target ? 1 : 0;
        history += past ? 1 : 0;
      }
      assertThat(targets).isPositive();
      assertThat(history).isPositive();
      assertThat(targets + history).isEqualTo(own.size());
    }
  }

  @Test
  void nothingStaysNativeButTheModel() {
    train(config().build(), privacy(), SPLIT).close();
    int before = TensorRuntime.get().permanentArrays();
    train(config().build(), privacy(), SPLIT).close();
    assertThat(TensorRuntime.get().permanentArrays()).isEqualTo(before);
  }
}
