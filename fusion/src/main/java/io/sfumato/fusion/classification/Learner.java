package io.sfumato.fusion.classification;

import ai.djl.ndarray.NDArray;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.AdamWConfig;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.training.ModalityInputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A classifier while it learns: inputs, features, head, objective and optimisers. Owns the features until the classifier takes them over, and all the rest.
 */
final class Learner implements AutoCloseable {
  /** Items whose gradients are kept at once where an encoder learns: bounds memory. */
  private static final int LEARNED_ROWS = 32;
  private static final int FROZEN_ROWS = 4096;

  private final ClassifierConfig config;
  private final List<Item> items;
  private final int[] labels;
  private final List<ModalityInputs<?>> inputs;
  private final TowerFeatures features;
  private final Linear head;
  private final ClassificationObjective objective;
  private final Map<String, List<Parameter>> groups = new LinkedHashMap<>();
  private final Map<String, AdamW> optimizers = new LinkedHashMap<>();

  /**
   * @param items all items of the training, of every part
   * @param labels class of each, −1 for none
   * @param inputs one a modality, taken over
   * @param rate peak rate of head and projections, by which the encoders' rates are told
   */
  Learner(ClassifierConfig config, List<Item> items, int[] labels, int classes, List<Modality<?, ?>> modalities,
      List<ModalityInputs<?>> inputs, TowerFeatures features, ClassificationObjective objective, double rate) {
    this.config = config;
    this.items = items;
    this.labels = labels;
    this.inputs = inputs;
    this.features = features;
    this.objective = objective;
    int d = features.dimension();
    this.head = new Linear("head", d, classes, new Init(config.seed(), 1.0 / d));
    List<Parameter> heads = new ArrayList<>(features.parameters());
    heads.addAll(head.parameters());
    List<Parameter> fusion = features.tower().fusion().parameters();
    add("heads", heads, parameter -> fusion.contains(parameter) ? config.fusionRateFactor() : 1);
    for (int m = 0; m < inputs.size(); m++) {
      if (inputs.get(m).learns()) {
        Modality<?, ?> modality = modalities.get(m);
        double factor = (modality.pretrained() ? config.encoderRate() : config.freshEncoderRate()) / rate;
        add(modality.name(), modality.encoder().parameters(), parameter -> factor);
      }
    }
  }

  private void add(String group, List<Parameter> parameters, java.util.function.ToDoubleFunction<Parameter> rate) {
    groups.put(group, parameters);
    optimizers.put(group, new AdamW(parameters, AdamWConfig.DEFAULT.withWeightDecay(config.weightDecay()), rate));
  }

  ClassificationObjective objective() {
    return objective;
  }

  /** All parameters by group: those of projections, fusion and head, and each encoder that learns. */
  Map<String, List<Parameter>> groups() {
    return groups;
  }

  Map<String, AdamW> optimizers() {
    return optimizers;
  }

  /** Whether an encoder learns. */
  boolean learns() {
    return inputs.stream().anyMatch(ModalityInputs::learns);
  }

  int label(int item) {
    return labels[item];
  }

  /** Cuts a step's items into physical batches. */
  List<int[]> physical(int[] batch) {
    int rows = learns() ? LEARNED_ROWS : FROZEN_ROWS;
    List<int[]> parts = new ArrayList<>();
    for (int from = 0; from < batch.length; from += rows) {
      parts.add(Arrays.copyOfRange(batch, from, Math.min(batch.length, from + rows)));
    }
    return parts;
  }

  /**
   * The loss of each item, [n], differentiable.
   *
   * @param step what dropout is drawn by, with the seed: coordinates the same for all items of the step, modalities by the item's own id
   */
  NDArray losses(Scope scope, int[] batch, long step, @Nullable Tape tape) {
    SplittableRandom random = new SplittableRandom(config.seed() * 31 + step);
    List<NDArray> keep = new ArrayList<>();
    for (ModalityInputs<?> input : inputs) {
      keep.add(dropout(scope, input.dimension(), random));
    }
    NDArray logits = logits(scope, batch, shown(batch, step), keep, tape);
    return objective.losses(scope, logits, Arrays.stream(batch).map(item -> labels[item]).toArray());
  }

  /** Logits [n][classes] without gradients, nothing dropped or hidden. */
  double[][] logits(int[] batch) {
    double[][] out = new double[batch.length][];
    int at = 0;
    for (int[] part : physical(batch)) {
      try (GradMode off = TensorRuntime.get().inference(); Scope scope = TensorRuntime.get().scope()) {
        float[] flat = logits(scope, part, has(part), null, null).toFloatArray();
        int classes = flat.length / part.length;
        for (int i = 0; i < part.length; i++) {
          int row = i;
          out[at++] = IntStream.range(0, classes).mapToDouble(k -> flat[row * classes + k]).toArray();
        }
      }
    }
    return out;
  }

  private NDArray logits(Scope scope, int[] batch, float[] presence, @Nullable List<NDArray> keep,
      @Nullable Tape tape) {
    int[] owners = tape == null ? null : IntStream.range(0, batch.length).toArray();
    List<NDArray> encoded = new ArrayList<>();
    for (ModalityInputs<?> input : inputs) {
      encoded.add(input.encode(scope, batch, owners, tape));
    }
    if (tape != null) {
      tape.units(null);
    }
    NDArray x = features.forward(scope, encoded, scope.floats(presence, batch.length, inputs.size()), keep, tape);
    return head.forward(scope, x, tape);
  }

  private NDArray dropout(Scope scope, int width, SplittableRandom random) {
    float[] keep = new float[width];
    float kept = (float) (1 / (1 - config.inputDropout()));
    for (int k = 0; k < width; k++) {
      keep[k] = random.nextDouble() < config.inputDropout() ? 0 : kept;
    }
    return scope.floats(keep, 1, width);
  }

  private float[] has(int[] batch) {
    float[] presence = new float[batch.length * inputs.size()];
    for (int i = 0; i < batch.length; i++) {
      for (int m = 0; m < inputs.size(); m++) {
        presence[i * inputs.size() + m] = inputs.get(m).present(batch[i]) ? 1 : 0;
      }
    }
    return presence;
  }

  /** What an item has, less what modality dropout hides, but never all. Drawn by the item's id: another item in the step changes nothing. */
  private float[] shown(int[] batch, long step) {
    float[] presence = has(batch);
    int count = inputs.size();
    for (int i = 0; i < batch.length; i++) {
      int row = i * count;
      int present = 0;
      for (int m = 0; m < count; m++) {
        present += (int) presence[row + m];
      }
      String id = items.get(batch[i]).id();
      long seed = config.seed() * 31 + step;
      if (present > 1 && ItemParts.ByHash.uniform(seed, id) < config.modalityDropout()) {
        int spared = (int) (present * ItemParts.ByHash.uniform(~seed, id));
        for (int m = 0; m < count; m++) {
          if (presence[row + m] > 0 && spared-- != 0) {
            presence[row + m] = 0;
          }
        }
      }
    }
    return presence;
  }

  /** The head as plain numbers. */
  LinearHead head() {
    float[] weights = head.parameters().get(0).toArray();
    float[] bias = head.parameters().get(1).toArray();
    return new LinearHead(bias.length, features.dimension(), weights, bias, 1);
  }

  /** All trained values by group and name, copied. */
  Map<String, float[]> values() {
    Map<String, float[]> out = new LinkedHashMap<>();
    groups.forEach((group, parameters) -> parameters.forEach(p -> {
      if (p.trainable()) {
        out.put(group + "/" + p.name(), p.toArray());
      }
    }));
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

  @Override
  public void close() {
    optimizers.values().forEach(AdamW::close);
    inputs.forEach(ModalityInputs::close);
    head.close();
  }
}
