package io.sfumato.fusion.training;

import ai.djl.ndarray.NDArray;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.Backward;
import io.sfumato.encoders.nn.Schedule;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.Modality;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The epochs of one training: steps, validation, early stopping, checkpoints. */
final class Run {
  private final TrainingConfig config;
  private final Split split;
  private final List<Modality<?, ?>> modalities;
  private final Trainee trainee;
  private final StepPlan plan;
  private final Validator validator;
  private final Schedule schedule;

  private final List<EpochRecord> log = new ArrayList<>();
  private Map<String, float[]> bestValues = Map.of();
  private double best = Double.NaN;
  private int stale;

  Run(TrainingConfig config, Split split, List<Modality<?, ?>> modalities, List<ModalityInputs<?>> inputs,
      Trainee trainee) {
    this.config = config;
    this.split = split;
    this.modalities = modalities;
    this.trainee = trainee;
    Interactions train = split.train();
    int[] counts = train.itemCounts();
    // Items that nobody took in training are no negatives: that they lack takers says nothing about what they are.
    int[] candidates = IntStream.range(0, counts.length).filter(item -> counts[item] > 0).toArray();
    if (inputs.stream().anyMatch(ModalityInputs::learns)) {
      this.plan = new ItemChunkPlan(train, candidates, config);
    } else {
      this.plan = candidates.length <= config.fullSoftmaxItems()
          ? new WholeCatalogPlan(train, candidates, config)
          : new SampledCatalogPlan(train, candidates, config);
    }
    if (IntStream.range(0, train.userCount()).noneMatch(user -> train.itemsOf(user).length > 1)) {
      throw new FusionException("NO_INTERACTIONS",
          "nobody took two different items in the %d training interactions; there is nothing to learn from".formatted(
              train.size()));
    }
    this.validator = new Validator(split, config);
    long total = (long) config.epochs() * updates();
    long warmup = Math.min(total - 1, Math.round(config.warmup() * total));
    this.schedule = Schedule.warmupCosine(config.learningRate(), warmup, total);
  }

  /** Optimiser steps of an epoch. */
  private int updates() {
    return (plan.steps() + config.accumulation() - 1) / config.accumulation();
  }

  /** Trains until the last epoch or until validation gets no better; the trainee then holds the best values. */
  List<EpochRecord> go(Progress progress) {
    Path directory = config.resume();
    String run = directory == null ? "" : RunIdentity.of(config.toMap(), modalities, split);
    Checkpoint checkpoint = directory == null ? null : Checkpoint.read(directory, run);
    if (checkpoint == null) {
      trainee.refresh();
    } else {
      resume(checkpoint);
    }
    progress.start("training", (long) (config.epochs() - log.size()) * plan.steps());
    try {
      while (log.size() < config.epochs() && stale < config.patience()) {
        epoch(log.size(), progress);
        if (directory != null) {
          checkpoint(run).write(directory);
        }
      }
    } finally {
      progress.finish();
    }
    if (!bestValues.isEmpty()) {
      trainee.restore(bestValues);
      trainee.refresh();
    }
    return log;
  }

  private void epoch(int epoch, Progress progress) {
    long begin = System.nanoTime();
    SplittableRandom random = new SplittableRandom(config.seed() * 0x9E3779B97F4A7C15L + epoch);
    TensorRuntime.get().seed(config.seed() * 31 + epoch); // of dropout inside encoders
    plan.shuffle(random);
    double lossSum = 0;
    int losses = 0;
    int pending = 0;
    int update = 0;
    for (int i = 0; i < plan.steps(); i++) {
      Step step = plan.step(i, random);
      if (step != null) {
        try (Scope scope = TensorRuntime.get().scope()) {
          NDArray loss = trainee.loss(scope, step, random);
          Backward.run(config.accumulation() == 1
              ? loss
              : TensorRuntime.get().kernels().divided(scope, loss, config.accumulation()));
          double value = loss.toFloatArray()[0];
          if (!Double.isFinite(value)) {
            throw new FusionException("DIVERGED", "the loss is %s in epoch %d; lower the learning rate %s".formatted(
                value, epoch + 1, config.learningRate()));
          }
          lossSum += value;
          losses++;
        }
        pending++;
      }
      if (pending == config.accumulation() || (i == plan.steps() - 1 && pending > 0)) {
        double rate = schedule.lr((long) epoch * updates() + update++);
        for (AdamW optimizer : trainee.optimizers().values()) {
          optimizer.step(rate);
          optimizer.zeroGradients();
        }
        pending = 0;
      }
      progress.advance(1, String.format(Locale.ROOT, "epoch %d loss %.3f%s", epoch + 1, lossSum / Math.max(1, losses),
          Double.isNaN(best) ? "" : String.format(Locale.ROOT, " ndcg %.4f", best)));
    }
    boolean last = epoch + 1 == config.epochs();
    double ndcg = Double.NaN;
    if (last || (epoch + 1) % config.validateEvery() == 0) {
      trainee.refresh();
      ndcg = judge();
    }
    log.add(new EpochRecord(epoch + 1, lossSum / Math.max(1, losses), ndcg, imageWeight(modalities, trainee),
        trainee.temperature(), (System.nanoTime() - begin) / 1e9));
  }

  private double judge() {
    if (!validator.active()) {
      return Double.NaN;
    }
    double ndcg = validator.ndcg(trainee.bank(), trainee.users().profile());
    if (Double.isNaN(best) || ndcg > best) {
      best = ndcg;
      bestValues = trainee.values();
      stale = 0;
    } else {
      stale++;
    }
    return ndcg;
  }

  /** Mean weight of all image modalities together; NaN without images. */
  static double imageWeight(List<Modality<?, ?>> modalities, Trainee trainee) {
    if (modalities.stream().noneMatch(JointTrainer::isImage)) {
      return Double.NaN;
    }
    return IntStream.range(0, modalities.size())
        .filter(m -> JointTrainer.isImage(modalities.get(m)))
        .mapToDouble(trainee::meanWeight)
        .sum();
  }

  private Checkpoint checkpoint(String run) {
    Map<String, float[]> tensors = new LinkedHashMap<>(trainee.state());
    bestValues.forEach((name, values) -> tensors.put("best/" + name, values));
    return new Checkpoint(run, best, stale, List.copyOf(log), tensors);
  }

  private void resume(Checkpoint checkpoint) {
    trainee.load(checkpoint);
    bestValues = checkpoint.part("best/");
    best = checkpoint.best();
    stale = checkpoint.stale();
    log.addAll(checkpoint.log());
  }
}
