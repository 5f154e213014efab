package io.sfumato.fusion.classification;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Schedule;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.accounting.Calibration;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.training.NoiseGenerator;
import io.sfumato.privacy.training.PoissonSampler;
import io.sfumato.privacy.training.PrivateStep;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The steps of a private training: items are drawn by coins and reach the parameters through {@link PrivateStep} alone. */
final class PrivateRun {
  private final PrivateClassification privacy;
  private final Learner learner;
  private final int[] train;
  private final Schedule schedule;
  private final double sigma;
  private double meanLoss = Double.NaN;

  PrivateRun(ClassifierConfig config, PrivateClassification privacy, Learner learner, int[] train) {
    this.privacy = privacy;
    this.learner = learner;
    this.train = train;
    this.schedule = Schedule.warmupCosine(privacy.learningRate(),
        Math.min(privacy.steps() - 1, Math.round(config.warmup() * privacy.steps())), privacy.steps());
    this.sigma = calibrated(privacy);
  }

  /** The smallest noise multiplier that keeps the budget on top of what was released before. */
  private static double calibrated(PrivateClassification privacy) {
    privacy.requireBudgetLeft();
    return new Calibration(PldAccountant.create().withNeighbouring(privacy.budget().neighbouring())).sigma(
        privacy.before().phases(),
        privacy.samplingRate(), privacy.steps(), privacy.budget().epsilon(), privacy.budget().delta());
  }

  /** Noise multiplier of every step. */
  double sigma() {
    return sigma;
  }

  /** Mean loss over the last tenth of the steps, in nats: private itself. */
  double meanLoss() {
    return meanLoss;
  }

  /** Trains. The ledger has one entry more than the one before. */
  PrivacyLedger go(Progress progress) {
    Long seed = privacy.noiseSeed();
    List<Parameter> parameters = learner.groups().values().stream().flatMap(List::stream).toList();
    PoissonSampler sampler = seed == null
        ? PoissonSampler.secure(train.length, privacy.samplingRate())
        : new PoissonSampler(train.length, privacy.samplingRate(), new SplittableRandom(seed));
    progress.start("private training", privacy.steps());
    try (PrivateStep step = PrivateStep.builder(parameters)
        .sensitivity(learner.objective().sensitivity())
        .clipping(privacy.clipping())
        .sigma(sigma)
        .expectedUnits(privacy.samplingRate() * privacy.publicItems())
        .noise(seed == null ? NoiseGenerator.secure() : NoiseGenerator.seeded(~seed))
        .budget(privacy.budget(), privacy.before(), privacy.samplingRate())
        .build()) {
      double loss = 0;
      long units = 0;
      long tail = privacy.steps() - Math.max(1, privacy.steps() / 10);
      for (long index = 0; index < privacy.steps(); index++) {
        int[] drawn = sampler.next();
        double sum = 0;
        for (int[] part : learner.physical(drawn)) {
          sum += accumulate(step, part, index);
        }
        if (index >= tail) {
          loss += sum;
          units += drawn.length;
        }
        update(step, schedule.lr(index));
        progress.advance(1, null);
      }
      meanLoss = loss / Math.max(1, units);
      return privacy.before()
          .append(step.toRelease(privacy.samplingRate(), "classifier weights, %s objective, clipping %s".formatted(
              learner.objective().name(), privacy.clipping().label()), hash(parameters)));
    } finally {
      progress.finish();
    }
  }

  /** Adds the clipped gradients of a physical batch; returns the sum of its losses. */
  private double accumulate(PrivateStep step, int[] drawn, long index) {
    int[] batch = new int[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      batch[i] = train[drawn[i]];
    }
    if (!privacy.microbatches()) {
      try (Scope scope = TensorRuntime.get().scope()) {
        Tape tape = step.tape(scope, batch.length);
        NDArray loss = learner.losses(scope, batch, index, tape).sum();
        step.accumulate(scope, tape, loss);
        return loss.toFloatArray()[0];
      }
    }
    double sum = 0;
    for (int item : batch) {
      try (Scope scope = TensorRuntime.get().scope()) {
        NDArray loss = learner.losses(scope, new int[]{item}, index, null).sum();
        step.accumulateAlone(scope, loss);
        sum += loss.toFloatArray()[0];
      }
    }
    return sum;
  }

  private void update(PrivateStep step, double rate) {
    try (Scope scope = TensorRuntime.get().scope()) {
      Map<Parameter, NDArray> released = step.release(scope);
      learner.groups().forEach((group, parameters) -> {
        Map<Parameter, NDArray> own = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
          NDArray gradient = released.get(parameter);
          if (gradient != null) {
            own.put(parameter, gradient);
          }
        }
        AdamW optimizer = learner.optimizers().get(group);
        if (optimizer != null && !own.isEmpty()) {
          optimizer.step(rate, own);
        }
      });
    }
  }

  /** SHA-256 over the names and the little-endian values of all released parameters, in order. */
  private static String hash(List<Parameter> parameters) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Parameter parameter : parameters) {
        if (parameter.trainable()) {
          digest.update((parameter.name() + '\n').getBytes(StandardCharsets.UTF_8));
          float[] values = parameter.toArray();
          ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asFloatBuffer().put(values);
          digest.update(bytes);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
