package io.sfumato.fusion.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Item;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

class JointTrainerTest {
  private static final Split SPLIT = split();

  private int threads;

  private static Split split() {
    Dataset shop = DemoShop.builder().items(120).customers(150).build().dataset();
    return Splitter.parse("random", 3).split(shop);
  }

  /** Bit-identical results are promised for one thread. */
  @BeforeEach
  void oneThread() {
    threads = TensorRuntime.get().threads();
    TensorRuntime.get().setThreads(1);
  }

  @AfterEach
  void restoreThreads() {
    TensorRuntime.get().setThreads(threads);
  }

  private static TrainingConfig.Builder config() {
    return TrainingConfig.builder().dimension(16).epochs(4).itemsPerStep(32).image(FineTuning.frozen());
  }

  private static MultimodalModel train(TrainingConfig config) {
    return train(config, Progress.silent());
  }

  private static MultimodalModel train(TrainingConfig config, Progress progress) {
    return JointTrainer.builder()
        .modality(Modality.text(new WordsEncoder()))
        .modality(Modality.image(
            new ResNetEncoder(new ResNetConfig(16, List.of(8, 16), List.of(1, 1), 4, 16, 1))))
        .config(config)
        .build()
        .train(
            SPLIT, progress);
  }

  private static ItemVectors vectors(MultimodalModel model) {
    return model.encode(SPLIT.dataset().catalog(), null, Progress.silent());
  }

  private static float[] flat(ItemVectors vectors) {
    float[] out = new float[vectors.size() * vectors.dimension()];
    for (int item = 0; item < vectors.size(); item++) {
      vectors.copyFused(item, out, item * vectors.dimension());
    }
    return out;
  }

  @Test
  void lossFallsWithFrozenEncoders() {
    try (MultimodalModel model = train(config().build())) {
      List<EpochRecord> log = model.trainingLog();
      assertThat(log.get(log.size() - 1).loss()).isLessThan(log.get(0).loss());
      assertThat(log).allSatisfy(epoch -> assertThat(epoch.ndcg()).isBetween(0.0, 1.0));
      assertThat(model.imageWeight()).isBetween(0.0, 1.0);
    }
  }

  @Test
  void lossFallsWhereALargeCatalogueIsSampled() {
    try (MultimodalModel model = train(config().fullSoftmaxItems(50).build())) {
      List<EpochRecord> log = model.trainingLog();
      assertThat(log.get(log.size() - 1).loss()).isLessThan(log.get(0).loss());
      assertThat(log.get(log.size() - 1).ndcg()).isBetween(0.0, 1.0);
    }
  }

  @Test
  void lossFallsWhileTheImageEncoderLearns() {
    try (MultimodalModel model = train(config().image(FineTuning.full()).contrastiveWeight(0.1).build())) {
      List<EpochRecord> log = model.trainingLog();
      assertThat(log.get(log.size() - 1).loss()).isLessThan(log.get(0).loss());
    }
  }

  @Test
  void accumulationOverAllStepsIsOneUpdateAnEpoch() {
    try (MultimodalModel model = train(config().accumulation(100).epochs(2).build())) {
      assertThat(model.trainingLog()).hasSize(2);
    }
  }

  @Test
  void vectorsAreUnitAndPartsAddUpAndMissingModalitiesAreMasked() {
    try (MultimodalModel model = train(config().epochs(1).fusion(FusionKind.GATED).build())) {
      ItemVectors vectors = vectors(model);
      int missing = 0;
      for (int item = 0; item < vectors.size(); item++) {
        double square = 0;
        float[] fused = vectors.fused(item);
        for (int k = 0; k < fused.length; k++) {
          square += fused[k] * fused[k];
          assertThat(fused[k]).isEqualTo(vectors.part(0, item)[k] + vectors.part(1, item)[k]);
        }
        assertThat(square).isCloseTo(1, within(1e-5));
        for (int m = 0; m < 2; m++) {
          if (!vectors.present(m, item)) {
            missing++;
            assertThat(vectors.weight(m, item)).isZero();
            assertThat(vectors.part(m, item)).containsOnly(0f);
          }
        }
      }
      assertThat(missing).isPositive();
    }
  }

  @Test
  void anItemOfNoCatalogueIsEncodedAlike() {
    try (MultimodalModel model = train(config().epochs(1).build())) {
      Item known = SPLIT.dataset().catalog().item(7);
      Item fresh = new Item("new", known.title(), known.text(), Map.of(), known.image());
      assertThat(model.encodeItem(fresh).fused(0)).containsExactly(vectors(model).fused(7),
          within(1e-5f));
      ItemVectors empty = model.encodeItem(new Item("empty", "", "", Map.of(), null));
      assertThat(empty.present(0)).isFalse();
      assertThat(empty.fused(0)).containsOnly(0f);
    }
  }

  @Test
  void oneModalityAloneHasAllTheWeight() {
    try (MultimodalModel model = train(config().epochs(1).modalities(List.of("text")).build())) {
      assertThat(model.modalities()).containsExactly("text");
      assertThat(model.imageWeight()).isNaN();
    }
  }

  @Test
  void anInterruptedTrainingGoesOnBitByBit(@TempDir Path directory) {
    TrainingConfig config = config().image(FineTuning.full()).epochs(3).build();
    float[] expected;
    float[] user;
    try (MultimodalModel whole = train(config)) {
      expected = flat(vectors(whole));
      user = whole.userProfile().map();
    }
    TrainingConfig resumable = config.toBuilder().resume(directory).build();
    assertThatThrownBy(() -> train(resumable, new Crash(6))).isInstanceOf(IllegalStateException.class);
    assertThat(directory.resolve("checkpoint")).isDirectory();
    try (MultimodalModel resumed = train(resumable)) {
      assertThat(resumed.trainingLog()).hasSize(3);
      assertThat(flat(vectors(resumed))).containsExactly(expected);
      assertThat(resumed.userProfile().map()).containsExactly(user);
    }
  }

  @Test
  void aCheckpointOfAnotherConfigurationIsRefused(@TempDir Path directory) {
    TrainingConfig config = config().epochs(1).resume(directory).build();
    train(config).close();
    assertThatThrownBy(() -> train(config.toBuilder().seed(1).build())).isInstanceOf(FusionException.class)
        .hasMessageContaining("another configuration");
  }

  @Test
  void aModalityThatNobodyAddedIsNamed() {
    TrainingConfig config = config().modalities(List.of("sound")).build();
    assertThatThrownBy(() -> train(config)).isInstanceOf(FusionException.class).hasMessageContaining("'sound'");
  }

  @Test
  void optionsOutOfRangeAreRefusedWithTheirValue() {
    assertThatThrownBy(() -> TrainingConfig.builder().imageWeight(1.4).build()).isInstanceOf(FusionException.class)
        .hasMessage("image weight must be in [0.0, 1.0] but was 1.4");
  }

  @Test
  void nothingStaysNativeButTheModel() {
    train(config().epochs(1).build()).close();
    int before = TensorRuntime.get().permanentArrays();
    train(config().epochs(2).build()).close();
    assertThat(TensorRuntime.get().permanentArrays()).isEqualTo(before);
  }

  /** A progress that throws after some training steps, as a power cut would. */
  private static final class Crash implements Progress {
    private final int after;
    private boolean training;
    private int steps;

    Crash(int after) {
      this.after = after;
    }

    @Override
    public void start(String what, long total) {
      training = what.equals("training");
    }

    @Override
    public void advance(long by, @Nullable String note) {
      if (training && ++steps == after) {
        throw new IllegalStateException("power cut");
      }
    }

    @Override
    public void finish() {
      training = false;
    }
  }
}
