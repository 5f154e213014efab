package io.sfumato.fusion.pairs;

import ai.djl.ndarray.NDArray;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.AdamWConfig;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Schedule;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.objective.GroupedContrastiveObjective;
import io.sfumato.fusion.objective.Objective;
import io.sfumato.fusion.objective.PublicAnchorObjective;
import io.sfumato.fusion.objective.StepBatch;
import io.sfumato.fusion.tuning.Numerics;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.Calibration;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.training.NoiseGenerator;
import io.sfumato.privacy.training.PoissonSampler;
import io.sfumato.privacy.training.PrivateStep;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The steps of a private tuning. Pairs are drawn by coins of their own and reach the parameters through {@link
 * PrivateStep} alone; a pair's group in a step is told by its id and a salt of the step.
 *
 * <p>Sensitivity: that which the objective declares. Everything else that a step uses of a pair (its group, the variation
 * of its input) is drawn by the pair's own id, so that with or without another pair it is the same.
 */
final class PrivatePairRun {
  /** Pairs of a physical batch where all encoders are frozen, and where one learns: bounds memory. */
  private static final int FROZEN_ROWS = 4096;
  private static final int LEARNED_ROWS = 128;

  private final PairConfig config;
  private final PairPrivacy privacy;
  private final PairSide<?> text;
  private final PairSide<?> image;
  private final String[] ids;
  private final int[] rows;
  private final PairSide<?> anchors;
  private final int[] anchorRows;
  private final double sigma;

  /**
   * @param items the pairs, by row of the sides' inputs
   * @param rows those that can be read
   * @param anchors the text side on the public items
   * @param anchorRows rows of it
   */
  PrivatePairRun(PairConfig config, PairPrivacy privacy, PairSide<?> text, PairSide<?> image, List<Item> items,
      int[] rows, PairSide<?> anchors, int[] anchorRows) {
    this.config = config;
    this.privacy = privacy;
    this.text = text;
    this.image = image;
    this.ids = items.stream().map(Item::id).toArray(String[]::new);
    this.rows = rows.clone();
    this.anchors = anchors;
    this.anchorRows = anchorRows;
    double spent = privacy.budget().spent(privacy.before().phases());
    if (spent >= 0.99 * privacy.budget().epsilon()) {
      throw new PrivacyException("BUDGET_EXHAUSTED", String.format(Locale.ROOT,
          "epsilon %.4f of %.4f at delta %.1e is spent on these pairs; raise the budget, or keep the model that there is",
          spent, privacy.budget().epsilon(), privacy.budget().delta()));
    }
    this.sigma = new Calibration(PldAccountant.create().withNeighbouring(privacy.budget().neighbouring()))
        .sigma(privacy.before().phases(), privacy.samplingRate(), privacy.steps(), privacy.budget().epsilon(),
            privacy.budget().delta());
  }

  /** Trains; the ledger has one entry more than the one before. */
  PrivacyLedger go(Progress progress) {
    List<Encoder<?, ?>> learning = new ArrayList<>();
    List<Parameter> parameters = new ArrayList<>(text.projection().parameters());
    parameters.addAll(image.projection().parameters());
    Map<Parameter, Double> rates = new HashMap<>();
    for (PairSide<?> side : List.of(text, image)) {
      if (side.learns()) {
        learning.add(side.encoder());
        parameters.addAll(side.encoder().parameters());
        config.rates()
            .of(side.encoder(), side.tuning(), side.modality().pretrained())
            .forEach((parameter, rate) -> rates.put(parameter, rate / config.learningRate()));
      }
    }
    Long seed = privacy.noiseSeed();
    PoissonSampler sampler = seed == null
        ? PoissonSampler.secure(rows.length, privacy.samplingRate())
        : new PoissonSampler(rows.length, privacy.samplingRate(), new SplittableRandom(seed));
    double expected = privacy.samplingRate() * privacy.expectedPairs();
    int groups = (int) Math.max(1, Math.round(expected / privacy.groupSize()));
    Objective declared = objective(new int[0], groups);
    Map<AdamW, List<Parameter>> optimizers = optimizers(rates);
    progress.start("private pairs", privacy.steps());
    try (Numerics numerics = new Numerics(learning, config.precision(), 0);
        PrivateStep step = PrivateStep.builder(parameters)
            .sensitivity(declared.sensitivity())
            .clipping(privacy.clipping())
            .sigma(sigma)
            .expectedUnits(privacy.objective() == PairObjective.GROUPED ? groups : expected)
            .noise(seed == null ? NoiseGenerator.secure() : NoiseGenerator.seeded(~seed))
            .build()) {
      Schedule schedule = Schedule.warmupCosine(privacy.learningRate(),
          Math.min(privacy.steps() - 1, Math.round(privacy.steps() * config.warmup())), privacy.steps());
      for (long index = 0; index < privacy.steps(); index++) {
        accumulate(step, sampler.next(), index, groups);
        update(step, schedule.lr(index), optimizers);
        progress.advance(1, null);
      }
      Release release = step.toRelease(privacy.samplingRate(),
          "encoders and projections of pairs, %s objective, clipping %s".formatted(declared.name(), privacy.clipping()
              .label()),
          hash(parameters));
      return privacy.before().append(release);
    } finally {
      progress.finish();
      optimizers.keySet().forEach(AdamW::close);
    }
  }

  private Map<AdamW, List<Parameter>> optimizers(Map<Parameter, Double> rates) {
    AdamWConfig adam = AdamWConfig.DEFAULT.withWeightDecay(config.weightDecay());
    Map<AdamW, List<Parameter>> optimizers = new LinkedHashMap<>();
    for (PairSide<?> side : List.of(text, image)) {
      List<Parameter> own = new ArrayList<>(side.projection().parameters());
      own.addAll(side.encoder().parameters());
      optimizers.put(new AdamW(own, adam, parameter -> rates.getOrDefault(parameter, 1.0)), own);
    }
    return optimizers;
  }

  private Objective objective(int[] groupOfRow, int groups) {
    return privacy.objective() == PairObjective.GROUPED
        ? new GroupedContrastiveObjective(config.temperature(), groupOfRow, groups)
        : new PublicAnchorObjective(config.temperature(), anchors.vectors(anchorRows, config.dimension()));
  }

  /** Whole groups go into a physical batch together; with anchors each pair is a group of its own. */
  private void accumulate(PrivateStep step, int[] drawn, long index, int groups) {
    long salt = new SplittableRandom(config.seed() * 31 + index).nextLong();
    TreeMap<Integer, List<Integer>> members = new TreeMap<>();
    for (int place : drawn) {
      int row = rows[place];
      int group = privacy.objective() == PairObjective.GROUPED
          ? GroupedContrastiveObjective.groupOf(ids[row], salt, groups)
          : row;
      members.computeIfAbsent(group, key -> new ArrayList<>()).add(row);
    }
    int most = text.learns() || image.learns() ? LEARNED_ROWS : FROZEN_ROWS;
    List<List<Integer>> batch = new ArrayList<>();
    int count = 0;
    for (List<Integer> group : members.values()) {
      if (count > 0 && count + group.size() > most) {
        accumulate(step, batch, salt);
        batch.clear();
        count = 0;
      }
      batch.add(group);
      count += group.size();
    }
    if (count > 0) {
      accumulate(step, batch, salt);
    }
  }

  private void accumulate(PrivateStep step, List<List<Integer>> groups, long salt) {
    int[] batchRows = groups.stream().flatMap(List::stream).mapToInt(Integer::intValue).toArray();
    int[] groupOfRow = new int[batchRows.length];
    int next = 0;
    for (int group = 0; group < groups.size(); group++) {
      Arrays.fill(groupOfRow, next, next + groups.get(group).size(), group);
      next += groups.get(group).size();
    }
    Draws draws = new Draws(row -> new SplittableRandom(salt ^ (0x9E3779B97F4A7C15L * ids[row].hashCode())),
        new SplittableRandom(salt), config.inputDropout());
    try (Scope scope = TensorRuntime.get().scope()) {
      Tape tape = step.tape(scope, groups.size());
      tape.units(groupOfRow);
      NDArray t = text.forward(scope, batchRows, draws, tape);
      NDArray v = image.forward(scope, batchRows, new Draws(draws.rows(), new SplittableRandom(~salt), draws.dropout()),
          tape);
      boolean[] all = new boolean[batchRows.length];
      Arrays.fill(all, true);
      NDArray none = scope.floats(new float[1], 1);
      StepBatch batch = new StepBatch(none, none, none, none, List.of(t, v), new boolean[][]{all, all}, tape);
      step.accumulate(scope, tape, objective(groupOfRow, groups.size()).unitLosses(scope, batch).sum());
    }
  }

  private void update(PrivateStep step, double rate, Map<AdamW, List<Parameter>> optimizers) {
    try (Scope scope = TensorRuntime.get().scope()) {
      Map<Parameter, NDArray> released = step.release(scope);
      optimizers.forEach((optimizer, parameters) -> {
        Map<Parameter, NDArray> own = new LinkedHashMap<>(released);
        own.keySet().retainAll(parameters);
        optimizer.step(rate, own);
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
          ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
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
