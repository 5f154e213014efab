package io.sfumato.fusion.pairs;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.AdamWConfig;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Schedule;
import io.sfumato.encoders.runtime.Autograd;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.objective.ContrastiveObjective;
import io.sfumato.fusion.tuning.Numerics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some epochs of symmetric InfoNCE (Radford et al. 2021) on both sides, with early stopping; the values of the best epoch
 * stay.
 */
final class PairRun {
  private static final Logger LOG = LoggerFactory.getLogger(PairRun.class);

  private final String stage;
  private final PairConfig config;
  private final PairSide<?> text;
  private final PairSide<?> image;
  private final int[] train;
  private final int[] valid;
  private final int epochs;
  private final int batch;

  /**
   * @param stage what the log calls it
   * @param train rows of the sides' inputs to learn from
   * @param valid rows to stop by; empty to run to the end
   */
  PairRun(String stage, PairConfig config, PairSide<?> text, PairSide<?> image, int[] train, int[] valid, int epochs,
      int batch) {
    this.stage = stage;
    this.config = config;
    this.text = text;
    this.image = image;
    this.train = train.clone();
    this.valid = valid;
    this.epochs = epochs;
    this.batch = Math.min(batch, train.length);
  }

  /** Trains; what learns is what is trainable now. */
  List<PairEpoch> go(Progress progress) {
    Map<String, List<Parameter>> groups = new LinkedHashMap<>();
    List<Parameter> heads = new ArrayList<>(text.projection().parameters());
    heads.addAll(image.projection().parameters());
    groups.put("heads", heads);
    Map<Parameter, Double> rates = new HashMap<>();
    for (PairSide<?> side : List.of(text, image)) {
      if (side.learns()) {
        groups.put(side.modality().name(), side.encoder().parameters());
        rates.putAll(config.rates().of(side.encoder(), side.tuning(), side.modality().pretrained()));
      }
    }
    Map<String, AdamW> optimizers = new LinkedHashMap<>();
    AdamWConfig adam = AdamWConfig.DEFAULT.withWeightDecay(config.weightDecay());
    groups
        .forEach((name, parameters) -> optimizers.put(name,
            new AdamW(parameters, adam, parameter -> rates.getOrDefault(parameter, config.learningRate()))));
    List<Encoder<?, ?>> learning = new ArrayList<>();
    List.of(text, image).stream().filter(PairSide::learns).forEach(side -> learning.add(side.encoder()));
    try (Numerics numerics = new Numerics(learning, config.precision(), config.encoderDropout())) {
      return epochs(groups, optimizers, progress);
    } finally {
      optimizers.values().forEach(AdamW::close);
    }
  }

  private List<PairEpoch> epochs(Map<String, List<Parameter>> groups, Map<String, AdamW> optimizers,
      Progress progress) {
    int steps = train.length / batch;
    long total = (long) steps * epochs;
    Schedule schedule = Schedule.warmupCosine(1, Math.min(total - 1, Math.round(total * config.warmup())), total);
    SplittableRandom random = new SplittableRandom(config.seed() * 31 + stage.hashCode());
    TensorRuntime.get().seed(config.seed() * 31 + stage.hashCode()); // of dropout inside encoders
    List<PairEpoch> log = new ArrayList<>();
    Map<String, float[]> best = Map.of();
    double bestRecall = -1;
    int since = 0;
    progress.start(stage, total);
    try {
      for (int epoch = 0; epoch < epochs && since < config.patience(); epoch++) {
        long begin = System.nanoTime();
        shuffle(train, random);
        double loss = 0;
        for (int step = 0; step < steps; step++) {
          int[] rows = Arrays.copyOfRange(train, step * batch, (step + 1) * batch);
          loss += step(rows, schedule.lr((long) epoch * steps + step), optimizers, random) / steps;
          progress.advance(1, String.format(Locale.ROOT, "loss %.3f", loss * steps / (step + 1)));
        }
        PairRecall recall = valid.length == 0 ? null : recall(valid);
        PairEpoch record = new PairEpoch(stage, epoch + 1, loss, recall == null ? Double.NaN : recall.mean10(),
            (System.nanoTime() - begin) / 1e9);
        log.add(record);
        LOG.info("{} {}: loss {}, recall@10 of validation {}, {} s", stage, record.epoch(), record.loss(),
            record.validRecall(), Math.round(record.seconds()));
        if (recall != null && recall.mean10() > bestRecall) {
          bestRecall = recall.mean10();
          best = values(groups);
          since = 0;
        } else if (recall != null) {
          since++;
        }
      }
    } finally {
      progress.finish();
    }
    restore(groups, best);
    return log;
  }

  private double step(int[] rows, double rate, Map<String, AdamW> optimizers, SplittableRandom random) {
    try (Scope scope = TensorRuntime.get().scope()) {
      Draws draws = Draws.of(random, config.inputDropout());
      NDArray t = text.forward(scope, rows, draws, null);
      NDArray v = image.forward(scope, rows, draws, null);
      boolean[] all = new boolean[rows.length];
      Arrays.fill(all, true);
      NDArray loss = new ContrastiveObjective(config.temperature()).loss(scope, List.of(t, v),
          new boolean[][]{all, all});
      double value = loss.toFloatArray()[0];
      if (!Double.isFinite(value)) {
        throw new FusionException("DIVERGED",
            "the loss of a step is %s; lower the learning rates, or raise the temperature".formatted(value));
      }
      Autograd.backward(loss);
      clip(optimizers);
      optimizers.values().forEach(optimizer -> {
        optimizer.step(rate);
        optimizer.zeroGradients();
      });
      return value;
    }
  }

  /** Shortens the gradient of all groups together. */
  private void clip(Map<String, AdamW> optimizers) {
    if (config.clip() > 0) {
      double square = 0;
      Map<AdamW, Double> norms = new LinkedHashMap<>();
      for (AdamW optimizer : optimizers.values()) {
        double norm = optimizer.gradientNorm();
        norms.put(optimizer, norm);
        square += norm * norm;
      }
      double factor = config.clip() / Math.sqrt(square);
      norms.forEach((optimizer, norm) -> {
        if (factor < 1 && norm > 0) {
          optimizer.clipGradients(norm * factor);
        }
      });
    }
  }

  PairRecall recall(int[] rows) {
    return PairRecall.of(text.vectors(rows, config.dimension()), image.vectors(rows, config.dimension()));
  }

  private static Map<String, float[]> values(Map<String, List<Parameter>> groups) {
    Map<String, float[]> out = new LinkedHashMap<>();
    groups.forEach((group, parameters) -> parameters.stream()
        .filter(Parameter::trainable)
        .forEach(parameter -> out.put(group + "/" + parameter.name(), parameter.toArray())));
    return out;
  }

  private static void restore(Map<String, List<Parameter>> groups, Map<String, float[]> values) {
    groups.forEach((group, parameters) -> parameters.forEach(parameter -> {
      float[] value = values.get(group + "/" + parameter.name());
      if (value != null) {
        parameter.set(value);
      }
    }));
  }

  private static void shuffle(int[] rows, SplittableRandom random) {
    for (int i = rows.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int held = rows[i];
      rows[i] = rows[j];
      rows[j] = held;
    }
  }
}
