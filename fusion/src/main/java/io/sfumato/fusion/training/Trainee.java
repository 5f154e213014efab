package io.sfumato.fusion.training;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.AdamWConfig;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Autograd;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.Fusion;
import io.sfumato.fusion.ItemTower;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.objective.InteractionObjective;
import io.sfumato.fusion.objective.Objective;
import io.sfumato.fusion.objective.StepBatch;
import io.sfumato.fusion.tuning.Rates;
import io.sfumato.fusion.user.UserTower;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The model while it learns: inputs, towers, objective, optimisers, and the bank, the last known fused vector of every item. Owns the towers until the model takes the item tower over, and all the rest.
 */
final class Trainee implements AutoCloseable {
  /** Items encoded at once where no gradients are kept. */
  private static final int BLOCK = 256;
  private static final String NOW = "now/";
  /** The group of all that is no encoder. */
  static final String HEADS = "heads";

  private final TrainingConfig config;
  private final List<ModalityInputs<?>> inputs;
  private final ItemTower items;
  private final UserTower users;
  private final Objective objective;
  private final InteractionObjective interaction;
  private final int size;
  private final boolean learns;
  private final Map<String, List<Parameter>> groups = new LinkedHashMap<>();
  private final Map<String, AdamW> optimizers = new LinkedHashMap<>();
  private final float[] bank;
  private final float[] weights;

  Trainee(TrainingConfig config, List<Modality<?, ?>> modalities, List<ModalityInputs<?>> inputs, ItemTower items,
      UserTower users, Objective objective, InteractionObjective interaction) {
    this.config = config;
    this.inputs = inputs;
    this.items = items;
    this.users = users;
    this.objective = objective;
    this.interaction = interaction;
    this.size = inputs.get(0).size();
    this.learns = inputs.stream().anyMatch(ModalityInputs::learns);
    this.bank = new float[size * config.dimension()];
    this.weights = new float[size * inputs.size()];
    List<Parameter> heads = new ArrayList<>(items.parameters());
    heads.addAll(users.parameters());
    heads.addAll(objective.parameters());
    add(HEADS, heads, Map.of());
    for (int m = 0; m < inputs.size(); m++) {
      if (inputs.get(m).learns()) {
        Modality<?, ?> modality = modalities.get(m);
        Rates rates = new Rates(config.encoderRate(), config.adapterRate(), config.freshEncoderRate(),
            config.layerDecay());
        add(modality.name(), modality.encoder().parameters(),
            rates.of(modality.encoder(), JointTrainer.tuning(config, modality), modality.pretrained()));
      }
    }
  }

  /** @param rates by parameter; those that are not named learn at the rate of the heads */
  private void add(String group, List<Parameter> parameters, Map<Parameter, Double> rates) {
    groups.put(group, parameters);
    AdamWConfig adam = AdamWConfig.DEFAULT.withWeightDecay(config.weightDecay());
    Map<Parameter, Double> factors = new HashMap<>();
    for (Parameter parameter : parameters) {
      double rate = rates.containsKey(parameter) ? rates.get(parameter) / config.learningRate() : 1;
      factors.put(parameter, rate * (parameter.size() <= 16 ? config.fusionRateFactor() : 1));
    }
    optimizers.put(group, new AdamW(parameters, adam, parameter -> factors.getOrDefault(parameter, 1.0)));
  }

  /** All parameters by group: the heads, and each encoder that learns. */
  Map<String, List<Parameter>> groups() {
    return groups;
  }

  Map<String, AdamW> optimizers() {
    return optimizers;
  }

  Objective objective() {
    return objective;
  }

  UserTower users() {
    return users;
  }

  double temperature() {
    return interaction.temperature();
  }

  /** The last known fused vectors, row-major [size, d]; live. */
  float[] bank() {
    return bank;
  }

  /** The last known weights, row-major [size, N]; live. */
  float[] weights() {
    return weights;
  }

  /** Mean weight of a modality over the items that have them all, as of the last {@link #refresh}; NaN where there are none. */
  double meanWeight(int m) {
    double sum = 0;
    int count = 0;
    for (int item = 0; item < size; item++) {
      int i = item;
      if (inputs.stream().allMatch(input -> input.present(i))) {
        sum += weights[item * inputs.size() + m];
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  /** The loss of a step, differentiable; takes the fused vectors of the step's items into the bank. */
  NDArray loss(Scope scope, Step step, SplittableRandom random) {
    StepBatch batch = batch(scope, step, random, null);
    NDArray loss = objective.loss(scope, batch);
    if (step.history() != null) {
      remember(scope, step.items(), batch.vectors());
    }
    return loss;
  }

  /**
   * The losses of a step's units, [units], differentiable. Leaves the bank alone: which items a step holds is private.
   *
   * @param random the same for all physical batches of a step
   * @param tape null where units are back-propagated one by one
   */
  NDArray unitLosses(Scope scope, Step step, SplittableRandom random, @Nullable Tape tape) {
    return objective.unitLosses(scope, batch(scope, step, random, tape));
  }

  private StepBatch batch(Scope scope, Step step, SplittableRandom random, @Nullable Tape tape) {
    int n = step.items().length;
    Step.Rows rows = step.rows();
    int @Nullable [] owners = rows == null ? null : rows.user();
    IntFunction<SplittableRandom> draws = rows == null ? place -> random
        : place -> new SplittableRandom(~rows.seeds()[place]);
    List<NDArray> encoded = new ArrayList<>();
    List<NDArray> keep = new ArrayList<>();
    for (ModalityInputs<?> input : inputs) {
      encoded.add(input.encode(scope, step.items(), owners, draws, tape));
      keep.add(dropout(scope, input.dimension(), random));
    }
    if (tape != null) {
      tape.units(owners);
    }
    List<NDArray> vectors = items.project(scope, encoded, keep, tape);
    boolean[][] shown = shown(step, random);
    Fusion.Fused fused = items.fusion().fuse(scope, vectors, presence(scope, shown, n), tape);
    if (tape != null) {
      tape.units(null);
    }
    NDArray ages;
    NDArray mask;
    NDArray history;
    if (step.history() == null) {
      history = fused.vectors();
    } else {
      history = scope.floats(rows(step.history()), step.history().length, config.dimension());
    }
    long width = history.getShape().get(0);
    ages = scope.floats(step.ages(), step.users(), width);
    mask = scope.floats(step.mask(), step.users(), width);
    NDArray targets = scope.floats(step.targets(), step.users(), n);
    NDArray hidden = step.hidden() == null
        ? scope.floats(new float[1], 1, 1)
        : scope.floats(step.hidden(), step.users(), n);
    NDArray u = users.forward(scope, ages, mask, history, tape);
    return new StepBatch(u, fused.vectors(), targets, hidden, vectors, shown, tape);
  }

  private NDArray dropout(Scope scope, int width, SplittableRandom random) {
    float[] keep = new float[width];
    float kept = (float) (1 / (1 - config.inputDropout()));
    for (int k = 0; k < width; k++) {
      keep[k] = random.nextDouble() < config.inputDropout() ? 0 : kept;
    }
    return scope.floats(keep, 1, width);
  }

  /** Which modality of which item is shown in a step: what it has, less what modality dropout hides, but never all. */
  private boolean[][] shown(Step step, SplittableRandom shared) {
    int[] which = step.items();
    Step.Rows rows = step.rows();
    boolean[][] shown = new boolean[inputs.size()][which.length];
    for (int i = 0; i < which.length; i++) {
      SplittableRandom random = rows == null ? shared : new SplittableRandom(rows.seeds()[i]);
      int count = 0;
      for (int m = 0; m < inputs.size(); m++) {
        shown[m][i] = inputs.get(m).present(which[i]);
        count += shown[m][i] ? 1 : 0;
      }
      if (count > 1 && random.nextDouble() < config.modalityDropout()) {
        int spared = random.nextInt(count);
        for (int m = 0; m < inputs.size(); m++) {
          if (shown[m][i] && spared-- != 0) {
            shown[m][i] = false;
          }
        }
      }
    }
    return shown;
  }

  private static NDArray presence(Scope scope, boolean[][] shown, int n) {
    float[] flat = new float[n * shown.length];
    for (int i = 0; i < n; i++) {
      for (int m = 0; m < shown.length; m++) {
        flat[i * shown.length + m] = shown[m][i] ? 1 : 0;
      }
    }
    return scope.floats(flat, n, shown.length);
  }

  private float[] rows(int[] which) {
    int d = config.dimension();
    float[] out = new float[which.length * d];
    for (int i = 0; i < which.length; i++) {
      System.arraycopy(bank, which[i] * d, out, i * d, d);
    }
    return out;
  }

  /** Fuses without hiding any modality and keeps the results. */
  private void remember(Scope scope, int[] which, List<NDArray> vectors) {
    try (GradMode off = TensorRuntime.get().inference(); Scope inner = scope.child()) {
      boolean[][] has = new boolean[inputs.size()][which.length];
      for (int m = 0; m < has.length; m++) {
        for (int i = 0; i < which.length; i++) {
          has[m][i] = inputs.get(m).present(which[i]);
        }
      }
      List<NDArray> constant = vectors.stream().map(v -> Autograd.constant(inner, v)).toList();
      Fusion.Fused fused = items.fusion().fuse(inner, constant, presence(inner, has, which.length), null);
      float[] v = fused.vectors().toFloatArray();
      float[] w = fused.weights().toFloatArray();
      int d = config.dimension();
      for (int i = 0; i < which.length; i++) {
        System.arraycopy(v, i * d, bank, which[i] * d, d);
        System.arraycopy(w, i * inputs.size(), weights, which[i] * inputs.size(), inputs.size());
      }
    }
  }

  /** Encodes the whole catalogue into the bank, nothing dropped or hidden. */
  void refresh() {
    TensorRuntime runtime = TensorRuntime.get();
    int block = learns ? BLOCK : 8 * BLOCK;
    for (int from = 0; from < size; from += block) {
      int[] which = new int[Math.min(size, from + block) - from];
      for (int i = 0; i < which.length; i++) {
        which[i] = from + i;
      }
      try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
        List<NDArray> encoded = new ArrayList<>();
        inputs.forEach(input -> encoded.add(input.encode(scope, which)));
        remember(scope, which, items.project(scope, encoded, null, null));
      }
    }
  }

  /** All trained values by group and name, copied. */
  Map<String, float[]> values() {
    Map<String, float[]> out = new LinkedHashMap<>();
    groups.forEach((group, parameters) -> parameters.forEach(p -> out.put(group + "/" + p.name(), p.toArray())));
    return out;
  }

  /** Puts back what {@link #values} gave. */
  void restore(Map<String, float[]> values) {
    groups.forEach((group, parameters) -> parameters.forEach(p -> {
      float @Nullable [] saved = values.get(group + "/" + p.name());
      if (saved != null) {
        p.set(saved);
      }
    }));
  }

  /** All that a checkpoint needs to go on from here, by name: values, optimisers and bank. */
  Map<String, float[]> state() {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    values().forEach((name, value) -> tensors.put(NOW + name, value));
    optimizers.forEach(
        (group, adam) -> adam.state().forEach((name, value) -> tensors.put("adam/" + group + "/" + name, value)));
    tensors.put("bank", bank.clone());
    tensors.put("weights", weights.clone());
    return tensors;
  }

  /** Goes on from what {@link #state} gave. */
  void load(Checkpoint checkpoint) {
    restore(checkpoint.part(NOW));
    optimizers.forEach((group, adam) -> adam.load(checkpoint.part("adam/" + group + "/")));
    System.arraycopy(checkpoint.tensor("bank", bank.length), 0, bank, 0, bank.length);
    System.arraycopy(checkpoint.tensor("weights", weights.length), 0, weights, 0, weights.length);
  }

  @Override
  public void close() {
    optimizers.values().forEach(AdamW::close);
    inputs.forEach(ModalityInputs::close);
    users.close();
    objective.close();
  }
}
