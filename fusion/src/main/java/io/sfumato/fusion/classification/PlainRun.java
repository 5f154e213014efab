package io.sfumato.fusion.classification;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.Backward;
import io.sfumato.encoders.nn.Schedule;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** Epochs of ordinary training: shuffled batches, validation after each, the best epoch kept. */
final class PlainRun {
  private final ClassifierConfig config;
  private final Learner learner;
  private final int[] train;
  private final int[] valid;
  private final Schedule schedule;
  private final List<ClassifierEpoch> log = new ArrayList<>();
  private double best = Double.POSITIVE_INFINITY;
  private Map<String, float[]> bestValues = Map.of();
  private int stale;

  /**
   * @param train places of the training items
   * @param valid places of the validation items, whose labels are known classes; may be empty
   */
  PlainRun(ClassifierConfig config, Learner learner, int[] train, int[] valid) {
    this.config = config;
    this.learner = learner;
    this.train = train.clone();
    this.valid = valid;
    long total = (long) config.epochs() * steps();
    this.schedule = Schedule.warmupCosine(config.learningRate(),
        Math.min(total - 1, Math.round(config.warmup() * total)), total);
  }

  private int steps() {
    return (train.length + config.batch() - 1) / config.batch();
  }

  /** Trains; the learner then holds the values of the best epoch. */
  List<ClassifierEpoch> go(Progress progress) {
    progress.start("training classifier", (long) config.epochs() * steps());
    try {
      for (int epoch = 0; epoch < config.epochs() && stale < config.patience(); epoch++) {
        epoch(epoch, progress);
      }
    } finally {
      progress.finish();
    }
    if (!bestValues.isEmpty()) {
      learner.restore(bestValues);
    }
    return log;
  }

  private void epoch(int epoch, Progress progress) {
    long begin = System.nanoTime();
    shuffle(train, new SplittableRandom(config.seed() * 0x9E3779B97F4A7C15L + epoch));
    double sum = 0;
    for (int step = 0; step < steps(); step++) {
      int from = step * config.batch();
      long index = (long) epoch * steps() + step;
      sum += step(Arrays.copyOfRange(train, from, Math.min(train.length, from + config.batch())), index);
      progress.advance(1, String.format(Locale.ROOT, "epoch %d loss %.3f%s", epoch + 1,
          sum / Math.min(train.length, from + config.batch()),
          Double.isInfinite(best) ? "" : String.format(Locale.ROOT, " valid %.3f", best)));
    }
    double[] judged = judge();
    log.add(new ClassifierEpoch(epoch + 1, sum / train.length, judged[0], judged[1],
        (System.nanoTime() - begin) / 1e9));
  }

  /** One optimiser step; returns the sum of the items' losses. */
  private double step(int[] batch, long index) {
    double sum = 0;
    for (int[] part : learner.physical(batch)) {
      try (Scope scope = TensorRuntime.get().scope()) {
        NDArray loss = learner.losses(scope, part, index, null).sum();
        Backward.run(TensorRuntime.get().kernels().divided(scope, loss, batch.length));
        sum += loss.toFloatArray()[0];
      }
    }
    if (!Double.isFinite(sum)) {
      throw new FusionException("DIVERGED",
          "the loss is %s at step %d; lower the learning rate %s".formatted(sum, index + 1, config.learningRate()));
    }
    for (AdamW optimizer : learner.optimizers().values()) {
      optimizer.clipGradients(config.gradientLimit());
      optimizer.step(schedule.lr(index));
      optimizer.zeroGradients();
    }
    return sum;
  }

  /** Mean cross-entropy and accuracy on validation; keeps the best values. */
  private double[] judge() {
    if (valid.length == 0) {
      return new double[]{Double.NaN, Double.NaN};
    }
    double[][] logits = learner.logits(valid);
    double loss = 0;
    int hits = 0;
    for (int i = 0; i < valid.length; i++) {
      double[] p = LinearHead.softmax(logits[i], 1);
      int truth = learner.label(valid[i]);
      loss -= Math.log(Math.max(1e-15, p[truth]));
      boolean right = true;
      for (double other : p) {
        right &= p[truth] >= other;
      }
      hits += right ? 1 : 0;
    }
    loss /= valid.length;
    if (loss < best) {
      best = loss;
      bestValues = learner.values();
      stale = 0;
    } else {
      stale++;
    }
    return new double[]{loss, (double) hits / valid.length};
  }

  /** Puts values in random order (Fisher and Yates). */
  static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
