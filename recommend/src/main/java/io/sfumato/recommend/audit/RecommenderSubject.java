package io.sfumato.recommend.audit;

import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.runtime.DeviceChoice;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.audit.AuditSubject;
import io.sfumato.privacy.audit.CanaryScores;
import io.sfumato.privacy.audit.MembershipScores;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.collaborative.PrivateStatistics;
import io.sfumato.recommend.config.PrivacySettings;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.training.AuditPlan;
import io.sfumato.recommend.training.Canary;
import io.sfumato.recommend.training.CanaryTranscript;
import io.sfumato.recommend.training.PlantedData;
import io.sfumato.recommend.training.PrivateOutcome;
import io.sfumato.recommend.training.RecommenderTrainer;
import io.sfumato.recommend.training.ShadowTrainer;
import io.sfumato.recommend.training.TrainedRecommender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A recommender under audit, with the data that it was trained on and what only its auditor knows: who was kept out, and which canaries were in.
 *
 * <p>Attacks on canaries:
 *
 * <ul>
 * <li>{@code gradient-space}, where the training was private and watched its canaries: all of its releases along each canary's own contribution, weighted by the noise that the ledger states
 * ({@link CanaryTranscript#combined}). That is the adversary whom differential privacy must withstand.
 * <li>{@code black-box}: what the finished model alone tells, see {@link BlackBoxAttack}.
 * </ul>
 *
 * <p>Twins are trained by the trainer of this library with the model's own configuration; shadow models by {@link ShadowTrainer}. Nothing of either is written.
 *
 * <p>Not thread-safe. Holds no native memory between calls.
 */
public final class RecommenderSubject implements AuditSubject {
  /** Attack on what a training released, step by step. */
  public static final String GRADIENT_SPACE = "gradient-space";
  /** Attack on the finished model. */
  public static final String BLACK_BOX = "black-box";

  /** The most people kept out, as many members, and as many single interactions in and out, that are scored; more would take long and say little more. */
  private static final int CAP = 2_000;
  private static final String TRANSCRIPT_METHOD = "all that the training released, along each canary's own contribution, less what real people contributed: popularity counts, item-item matrix, and a known direction of the longest gradient in each step";

  /** Something that was trained. */
  private record Trained(RecommenderModel model, @Nullable PrivacyLedger ledger, PlantedData data,
      @Nullable CanaryTranscript transcript) {}

  private final Trained trained;
  private final SfumatoConfig config;
  private final Supplier<MultimodalModel> encoders;
  private final boolean ownEncoders;
  private final Progress progress;
  private final AuditedUnits units;
  private final ModelScores scores;
  private @Nullable ShadowTrainer shadows;

  private RecommenderSubject(Trained trained, SfumatoConfig config, Supplier<MultimodalModel> encoders,
      boolean ownEncoders, Progress progress) {
    this.trained = trained;
    this.config = config;
    this.encoders = encoders;
    this.ownEncoders = ownEncoders;
    this.progress = progress;
    long seed = trained.data.plan().seed();
    this.units = AuditedUnits.draw(trained.data.real(), new HashSet<>(trained.data.heldOut()), CAP, seed);
    this.scores = new ModelScores(units, trained.model.catalog().size(), ~seed);
  }

  /**
   * A bundle.
   *
   * @param config that it was trained with
   * @param data that it was trained on, planted as its secret says; without people kept out and canaries where there is no secret
   * @param transcript of its secret, or null
   * @param progress of what it trains
   */
  public static RecommenderSubject of(Bundle bundle, SfumatoConfig config, PlantedData data,
      @Nullable CanaryTranscript transcript, Progress progress) {
    TensorRuntime.start(DeviceChoice.valueOf(config.device().toUpperCase(Locale.ROOT)));
    return new RecommenderSubject(
        new Trained(RecommenderModel.load(bundle), bundle.ledger(), data, transcript), config,
        () -> MultimodalModel.load(bundle.path(Bundle.MULTIMODAL)), true, progress);
  }

  /**
   * A recommender in memory, which stays the caller's and must outlive this.
   *
   * @param config that it was trained with
   * @param data whose {@link PlantedData#training} it was trained on
   */
  public static RecommenderSubject of(TrainedRecommender recommender, SfumatoConfig config, PlantedData data,
      Progress progress) {
    return new RecommenderSubject(trained(recommender, data), config, recommender::multimodal, false, progress);
  }

  private static Trained trained(TrainedRecommender recommender, PlantedData data) {
    PrivateOutcome outcome = recommender.privacy();
    return new Trained(recommender.model(), outcome == null ? null : outcome.ledger(), data,
        recommender.transcript());
  }

  /** Why single interactions are not attacked; empty where they are. */
  public String recordsMissing() {
    return units.rowsMissing();
  }

  @Override
  public List<CanaryScores> canaries() {
    return attacks(trained);
  }

  @Override
  public List<CanaryScores> canariesWithoutNoise(long seed) {
    return retrained(new RecommenderTrainer(config).withoutNoise(), seed);
  }

  @Override
  public List<CanaryScores> canariesAgain(long seed) {
    return retrained(new RecommenderTrainer(config), seed);
  }

  private List<CanaryScores> retrained(RecommenderTrainer trainer, long seed) {
    AuditPlan plan = trained.data.plan();
    PlantedData fresh = PlantedData.plant(trained.data.real(), new AuditPlan(plan.holdout(), plan.canaries(), seed),
        unit(config));
    try (TrainedRecommender twin = trainer.planted(fresh).train(fresh.training(), List.of(), null, progress)) {
      return attacks(trained(twin, fresh));
    }
  }

  /** Whom canaries stand for: people where nothing is hidden. */
  static PrivacyUnit unit(SfumatoConfig config) {
    return config.privacy().privacyUnit();
  }

  private List<CanaryScores> attacks(Trained target) {
    List<Canary> canaries = target.data.canaries();
    List<CanaryScores> attacks = new ArrayList<>();
    if (canaries.isEmpty()) {
      return attacks;
    }
    if (target.transcript != null) {
      attacks.add(gradientSpace(target.transcript, canaries));
    }
    double deviation = target.ledger == null ? 0 : ReleasedCounts.deviation(target.ledger);
    attacks.add(new CanaryScores(BLACK_BOX, BlackBoxAttack.METHOD, BlackBoxAttack.score(target.model,
        realCounts(target), deviation, canaries.stream().map(Canary::items).toList()), coins(canaries)));
    return attacks;
  }

  /** The attack on what a training released. */
  static CanaryScores gradientSpace(CanaryTranscript transcript, List<Canary> canaries) {
    return new CanaryScores(GRADIENT_SPACE, TRANSCRIPT_METHOD, transcript.combined(), coins(canaries));
  }

  private static boolean[] coins(List<Canary> canaries) {
    boolean[] in = new boolean[canaries.size()];
    for (int i = 0; i < in.length; i++) {
      in[i] = canaries.get(i).in();
    }
    return in;
  }

  /** What real people who took part contributed to the popularity counts. */
  private double[] realCounts(Trained target) {
    if (target.ledger == null) {
      return Arrays.stream(config.knownBeforeTest(target.data.served()).itemCounts()).asDoubleStream().toArray();
    }
    PrivacySettings settings = config.privacy();
    return PrivateStatistics
        .of(target.data.served().train(), settings.maxPerUser(), settings.privacyUnit(), config.seed())
        .counts();
  }

  @Override
  public List<MembershipScores> memberships() {
    return scores.score(trained.model);
  }

  @Override
  public List<MembershipScores> shadow(long seed) {
    AuditedUnits.Half half = units.half(seed);
    return scores.score(shadows().train(half.train(), seed), half);
  }

  private ShadowTrainer shadows() {
    ShadowTrainer made = shadows;
    if (made == null) {
      MultimodalModel model = encoders.get();
      try {
        made = new ShadowTrainer(config, trained.model.catalog(), model, new VectorCache(config.cacheDirectory()),
            Progress.silent());
      } finally {
        if (ownEncoders) {
          model.close();
        }
      }
      shadows = made;
    }
    return made;
  }

  @Override
  public void close() {
    shadows = null;
  }
}
