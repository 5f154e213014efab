package io.sfumato.fusion.training;

import ai.djl.ndarray.NDArray;
import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Schedule;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.objective.Objective;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.Calibration;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.training.Clipping;
import io.sfumato.privacy.training.NoiseGenerator;
import io.sfumato.privacy.training.PoissonSampler;
import io.sfumato.privacy.training.PrivateStep;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.privacy.training.Sensitivity;
import io.sfumato.privacy.training.StepStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a private training. Interactions are read in {@link UnitPlan} and go through {@link PrivateStep} alone: no validation, no early stopping, no popularity, no bank of vectors that is filled by what
 * people took.
 */
final class PrivateRun {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateRun.class);
  /** Times that progress is summed up, ε is told and a checkpoint is written. */
  private static final int REPORTS = 20;
  /** Steps after which histories are made of newly encoded items, where an encoder learns. */
  private static final int REFRESH = 10;
  /** With more of the budget spent than this, noise would drown whatever could be learned. */
  private static final double LEAST_LEFT = 0.99;
  private static final String STATE = "private";

  private final TrainingConfig config;
  private final PrivateTraining privacy;
  private final Trainee trainee;
  private final UnitPlan plan;
  private final boolean learns;
  private final String identity;
  private final Schedule schedule;
  private final double sigma;
  /** What the noise is really multiplied by; the ledger states {@link #sigma}. */
  private final double noiseScale;
  private final @Nullable PlantedUnits planted;
  private final Objective objective;
  private final List<EpochRecord> log = new ArrayList<>();
  private @Nullable StepStatistics statistics;
  private @Nullable ReleasedTensors released;

  /**
   * @param identity of data and configuration, for checkpoints
   * @param planted canaries among the people of {@code train}; null for none
   */
  PrivateRun(TrainingConfig config, PrivateTraining privacy, Interactions train, Trainee trainee, boolean learns,
      String identity, @Nullable PlantedUnits planted) {
    this.config = config;
    this.privacy = privacy;
    this.trainee = trainee;
    this.learns = learns;
    this.identity = identity;
    this.objective = trainee.objective();
    this.planted = planted;
    this.noiseScale = planted == null ? 1 : planted.noiseScale();
    this.plan = new UnitPlan(train, privacy, config, learns, planted == null ? Map.of() : planted.canaries());
    this.schedule = Schedule.warmupCosine(privacy.learningRate(),
        Math.min(privacy.steps() - 1, Math.round(config.warmup() * privacy.steps())), privacy.steps());
    this.sigma = privacy.noisy() ? calibrated(privacy) : 0;
  }

  /** The smallest noise multiplier that keeps the budget on top of what was released before. */
  private static double calibrated(PrivateTraining privacy) {
    double spent = privacy.before().phases().isEmpty() ? 0 : privacy.budget().spent(privacy.before().phases());
    if (spent > LEAST_LEFT * privacy.budget().epsilon()) {
      throw new PrivacyException("BUDGET_EXHAUSTED", String.format(Locale.ROOT,
          "epsilon %.4f of %.4f at delta %.1e is spent on these people; raise the budget, or keep the model that there is",
          spent, privacy.budget().epsilon(), privacy.budget().delta()));
    }
    return new Calibration(PldAccountant.create().withNeighbouring(privacy.budget().neighbouring()))
        .sigma(privacy.before().phases(), privacy.samplingRate(), privacy.steps(), privacy.budget().epsilon(),
            privacy.budget().delta());
  }

  /** What the steps did: losses are private and stay with whoever trains. */
  List<EpochRecord> log() {
    return log;
  }

  /** What the steps did to people, those before an interruption left out; internal, not private. */
  StepStatistics statistics() {
    return Objects.requireNonNull(statistics, "statistics are there once the steps were gone");
  }

  /** What the steps released in the end, of which the ledger's last entry has the hash. */
  ReleasedTensors released() {
    return Objects.requireNonNull(released, "released values are there once the steps were gone");
  }

  /** The parameters as they are now, those of encoders under the name of their modality. */
  private ReleasedTensors last() {
    Map<String, List<Parameter>> named = new LinkedHashMap<>();
    trainee.groups().forEach((group, own) -> named.put(group.equals(Trainee.HEADS) ? "" : group + "/", own));
    released = ReleasedTensors.of(named);
    return released;
  }

  /** Trains; the trainee then holds the last values. The ledger has one entry more than the one before. */
  PrivacyLedger go(Progress progress) {
    Path directory = config.resume();
    Checkpoint checkpoint = directory == null ? null : Checkpoint.read(directory, identity);
    long done = 0;
    Clipping clipping = privacy.clipping();
    if (checkpoint != null && planted != null) {
      throw new FusionException("RESUME_MISMATCH",
          "a training with canaries is watched from its first step and cannot be resumed; delete %s and begin anew"
              .formatted(directory));
    }
    if (checkpoint != null) {
      trainee.load(checkpoint);
      float[] state = checkpoint.tensor(STATE, 2);
      done = (long) state[0];
      clipping = at(clipping, state[1]);
      log.addAll(checkpoint.log());
    }
    if (learns) {
      trainee.refresh();
    }
    LOG.info(
        "private training: unit {}, noise multiplier {}, sampling rate {}, {} steps, clipping {}; early stopping, validation and popularity are off",
        privacy.unit().label(), String.format(Locale.ROOT, "%.4f", sigma), privacy.samplingRate(), privacy.steps(),
        clipping.label());
    Long seed = privacy.noiseSeed();
    List<Parameter> parameters = trainee.groups().values().stream().flatMap(List::stream).toList();
    PoissonSampler sampler = seed == null
        ? PoissonSampler.secure(plan.units(), privacy.samplingRate())
        : new PoissonSampler(plan.units(), privacy.samplingRate(), new SplittableRandom(seed ^ done));
    progress.start("private training", privacy.steps() - done);
    try (PrivateStep step = PrivateStep.builder(parameters)
        .sensitivity(new Sensitivity(privacy.unit(), objective.sensitivity().clips()))
        .clipping(clipping)
        .sigma(sigma * noiseScale)
        .directions(planted == null ? null : planted.directions())
        .expectedUnits(privacy.samplingRate() * privacy.publicUsers())
        .noise(seed == null ? NoiseGenerator.secure() : NoiseGenerator.seeded(seed ^ ~done))
        .build()) {
      steps(step, sampler, done, directory, progress);
      statistics = step.statistics();
      Release last = step.toRelease(privacy.samplingRate(),
          "model weights, %s objective, clipping %s".formatted(objective.name(), clipping.label()),
          last().sha256());
      // With a checkpoint the steps before it count too.
      return privacy.before()
          .append(new Release(Phase.of(sigma, privacy.samplingRate(), privacy.steps()), last.sensitivity(), last.what(),
              last.weightsSha256(), last.noise()));
    } finally {
      progress.finish();
    }
  }

  /** The same clipping from where its bound had come to. */
  private static Clipping at(Clipping clipping, float norm) {
    return clipping instanceof Clipping.Adaptive adaptive
        ? Clipping.adaptive(norm, adaptive.quantile(), adaptive.rate(), adaptive.countSigma())
        : clipping;
  }

  private void steps(PrivateStep step, PoissonSampler sampler, long done, @Nullable Path directory, Progress progress) {
    long report = Math.max(1, privacy.steps() / REPORTS);
    long begin = System.nanoTime();
    double lossSum = 0;
    long units = 0;
    String spent = "";
    for (long index = done; index < privacy.steps(); index++) {
      int[] drawn = sampler.next();
      for (int[] part : plan.batches(drawn)) {
        lossSum += accumulate(step, part, index);
        units += part.length;
      }
      if (planted != null) {
        step.plant(plan.canaries(drawn));
      }
      update(step, schedule.lr(index));
      if (learns && (index + 1) % REFRESH == 0) {
        trainee.refresh();
      }
      if ((index + 1) % report == 0 || index + 1 == privacy.steps()) {
        log.add(new EpochRecord(log.size() + 1, lossSum / Math.max(1, units), Double.NaN, Double.NaN,
            trainee.temperature(), (System.nanoTime() - begin) / 1e9));
        spent = spent(index + 1);
        lossSum = 0;
        units = 0;
        begin = System.nanoTime();
        if (directory != null) {
          Map<String, float[]> state = new LinkedHashMap<>(trainee.state());
          state.put(STATE, new float[]{index + 1, (float) step.clip()});
          new Checkpoint(identity, Double.NaN, 0, List.copyOf(log), state).write(directory);
        }
      }
      progress.advance(1, spent);
    }
  }

  /** Adds the clipped gradients of a physical batch; returns the sum of its losses, which nobody else may see. */
  private double accumulate(PrivateStep step, int[] units, long index) {
    SplittableRandom random = new SplittableRandom(config.seed() * 31 + index);
    if (!privacy.microbatches()) {
      try (Scope scope = TensorRuntime.get().scope()) {
        Tape tape = step.tape(scope, units.length);
        NDArray loss = trainee.unitLosses(scope, plan.step(units, index), random, tape).sum();
        step.accumulate(scope, tape, loss);
        return loss.toFloatArray()[0];
      }
    }
    double sum = 0;
    for (int unit : units) {
      try (Scope scope = TensorRuntime.get().scope()) {
        Step alone = plan.step(new int[]{unit}, index);
        NDArray loss = trainee.unitLosses(scope, alone, new SplittableRandom(config.seed() * 31 + index), null).sum();
        step.accumulateAlone(scope, loss);
        sum += loss.toFloatArray()[0];
      }
    }
    return sum;
  }

  private void update(PrivateStep step, double rate) {
    try (Scope scope = TensorRuntime.get().scope()) {
      Map<Parameter, NDArray> released = step.release(scope);
      trainee.groups().forEach((group, parameters) -> {
        Map<Parameter, NDArray> own = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
          NDArray gradient = released.get(parameter);
          if (gradient != null) {
            own.put(parameter, gradient);
          }
        }
        AdamW optimizer = trainee.optimizers().get(group);
        if (optimizer != null && !own.isEmpty()) {
          optimizer.step(rate, own);
        }
      });
    }
  }

  private String spent(long steps) {
    if (!privacy.noisy()) {
      return "no noise: epsilon is infinite";
    }
    List<Phase> phases = new ArrayList<>(privacy.before().phases());
    phases.add(Phase.of(sigma, privacy.samplingRate(), steps));
    return String.format(Locale.ROOT, "epsilon %.2f of %.2f", privacy.budget().spent(phases),
        privacy.budget().epsilon());
  }
}
