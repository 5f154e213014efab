package io.sfumato.recommend.config;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.FineTuning;
import io.sfumato.fusion.training.TrainingConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides how a recommender is trained; every default stands in {@code reference.yaml} beside this class. Immutable.
 *
 * <pre>{@code
 * SfumatoConfig config = ConfigReader.reference().file(Path.of("mine.yaml")).set("training.epochs", "10").read();
 * }</pre>
 *
 * @param seed where everything random comes from
 * @param device {@code auto}, {@code cpu} or {@code gpu}
 * @param threads threads of engine and evaluation, 0 for one per processor
 * @param cache directory of encoded vectors; null for {@link #cacheDirectory()}'s choice
 * @param split how interactions are shared out, such as {@code random:0.8,0.1,0.1}; with a budget, {@code random} becomes {@code coin}
 * @param data what is read
 * @param text which encoder reads texts
 * @param image which encoder sees pictures
 * @param fusion how both become one vector
 * @param training how all of it is trained
 * @param collaborative what is learned from other people's histories
 * @param ranking the model that orders candidates
 * @param tuning how settings are chosen by {@code train} itself
 * @param retrieval how candidates are found
 * @param privacy what training may reveal of people
 */
public record SfumatoConfig(long seed, String device, int threads, @Nullable String cache, String split,
    DataSettings data, TextSettings text, ImageSettings image, FusionSettings fusion, TrainingSettings training,
    CollaborativeSettings collaborative, RankingSettings ranking, TuningSettings tuning,
    RetrievalSettings retrieval, PrivacySettings privacy) {
  public SfumatoConfig {
    Check.oneOf("device", device, List.of("auto", "cpu", "gpu"));
    Check.within("threads", threads, 0, 1024);
    Check.notBlank("split", split);
    if (cache != null) {
      Check.notBlank("cache", cache);
    }
    split = PrivateConditions.split(split, data, privacy);
    PrivateConditions.tuning(tuning, privacy);
    PrivateConditions.dropout(training, privacy);
    if (!text.enabled() && !image.enabled()) {
      throw new ConfigException("BAD_VALUE", "image.encoder",
          "text.encoder and image.encoder are both none; choose an encoder for one of them");
    }
  }

  /** The configuration of {@code reference.yaml} as it stands. */
  public static SfumatoConfig defaults() {
    return ConfigReader.reference().read();
  }

  /** The same without the histories of other people. */
  public SfumatoConfig withoutCollaborative() {
    return new SfumatoConfig(seed, device, threads, cache, split, data, text, image, fusion, training,
        collaborative.withEnabled(false), ranking, tuning, retrieval, privacy);
  }

  /** The same without a budget; what of the image encoder learns stays as it is. */
  public SfumatoConfig withoutPrivacy() {
    return new SfumatoConfig(seed, device, threads, cache, split, data, text, image.withTrain(imageTuning()), fusion,
        training, collaborative, ranking, tuning, retrieval, privacy.withoutBudget());
  }

  /** What a recommender trained so may know of people when the test part begins: training and validation interactions where it is refitted on both, else the training ones. */
  public Interactions knownBeforeTest(Split parts) {
    return tuning.refit() && !privacy.enabled() ? parts.known() : parts.train();
  }

  /** A reader that begins with this configuration. */
  public ConfigReader change() {
    return ConfigReader.from(this);
  }

  /**
   * How much of the image encoder learns. Where nothing is said, a network from scratch learns as a whole without a budget and not at all with one: pictures are many, and what people privately tell of each is
   * less than what a network of random weights sees.
   */
  public FineTuning imageTuning() {
    return image.train() == null && privacy.enabled() ? FineTuning.frozen() : image.tuning();
  }

  /** The threads to use: those asked for, or one per processor. */
  public int threadCount() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }

  /** Where encoded vectors are kept: as asked for, or {@code .sfumato/vectors} in the user's home. */
  public Path cacheDirectory() {
    return cache == null ? Path.of(System.getProperty("user.home"), ".sfumato", "vectors") : Path.of(cache);
  }

  /**
   * What the fusion's trainer needs.
   *
   * @param modalities which modalities take part, empty for all
   * @param resume directory of checkpoints, or null
   */
  public TrainingConfig trainingConfig(List<String> modalities, @Nullable Path resume) {
    return TrainingConfig.builder()
        .modalities(modalities)
        .dimension(fusion.dimension())
        .hidden(fusion.hidden())
        .fusion(fusion.kind())
        .imageWeight(fusion.imageWeight())
        .text(text.train())
        .image(imageTuning())
        .epochs(training.epochs())
        .patience(training.patience())
        .validateEvery(training.validateEvery())
        .usersPerStep(training.usersPerStep())
        .itemsPerStep(training.itemsPerStep())
        .fullSoftmaxItems(training.fullSoftmaxItems())
        .accumulation(training.accumulation())
        .learningRate(training.learningRate())
        .encoderRate(training.encoderRate())
        .freshEncoderRate(training.freshEncoderRate())
        .adapterRate(training.adapterRate())
        .layerDecay(training.layerDecay())
        .encoderDropout(training.encoderDropout())
        .precision(training.precision())
        .textAugmentation(text.augmentation())
        .imageAugmentation(image.augmentation())
        .fusionRateFactor(training.fusionRateFactor())
        .warmup(training.warmup())
        .weightDecay(training.weightDecay())
        .temperature(training.temperature())
        .learnTemperature(training.learnTemperature())
        .historyLength(training.historyLength())
        .targetShare(training.targetShare())
        .inputDropout(training.inputDropout())
        .modalityDropout(training.modalityDropout())
        .contrastiveWeight(training.contrastiveWeight())
        .contrastiveTemperature(training.contrastiveTemperature())
        .validationUsers(training.validationUsers())
        .validationK(training.validationK())
        .seed(seed)
        .resume(resume)
        .build();
  }

  /** All settings by their YAML names, sections as maps, for provenance and JSON. */
  public Map<String, Object> toMap() {
    return ConfigBinding.toMap(this);
  }
}
