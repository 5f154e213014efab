package io.sfumato.fusion;

import ai.djl.ndarray.NDArray;
import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.training.EpochRecord;
import io.sfumato.fusion.user.UserProfile;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.privacy.training.StepStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trained multimodal model: an encoder and a projection for each modality, their fusion, and the user tower.
 *
 * <p>Thread-safe: nothing changes after construction. Owns the parameters of projections and fusion, and the encoders of modalities that are not {@linkplain Modality#borrowed() borrowed}:
 * close it.
 */
public final class MultimodalModel implements AutoCloseable {
  private static final int BLOCK = 2048;

  private final List<Modality<?, ?>> modalities;
  private final ItemTower tower;
  private final UserProfile profile;
  private final ModelFacts facts;

  /**
   * @param modalities as many as the tower has, in its order
   * @param tower taken over
   * @param profile of the tower's dimension
   * @param facts where the model comes from
   */
  public MultimodalModel(List<Modality<?, ?>> modalities, ItemTower tower, UserProfile profile, ModelFacts facts) {
    this.modalities = List.copyOf(modalities);
    this.tower = tower;
    this.profile = profile;
    this.facts = facts;
    List<String> names = this.modalities.stream().<String>map(Modality::name).toList();
    if (!names.equals(tower.fusion().modalities())) {
      throw new FusionException("DIMENSION_MISMATCH",
          "encoders of %s do not fit a fusion of %s".formatted(names, tower.fusion().modalities()));
    }
    // A finished model computes as one that is opened: with packed weights, which what learns cannot have.
    tower.parameters().forEach(parameter -> parameter.setTrainable(false));
  }

  /** Names of the modalities. */
  public List<String> modalities() {
    return tower.fusion().modalities();
  }

  /** The modalities with their encoders, which the model owns. */
  public List<Modality<?, ?>> encoders() {
    return modalities;
  }

  /** Projections and fusion, which the model owns. */
  public ItemTower itemTower() {
    return tower;
  }

  /** From histories to user vectors, without the tensor engine. */
  public UserProfile userProfile() {
    return profile;
  }

  /** Length d of item and user vectors. */
  public int dimension() {
    return profile.dimension();
  }

  /** Temperature of the trained softmax: {@code u·v / temperature} are its logits. */
  public double temperature() {
    return facts.temperature();
  }

  /** Mean weight a of the modality {@code "image"} over the training catalogue's items with every modality; NaN without such. */
  public double imageWeight() {
    return facts.imageWeight();
  }

  /** What each epoch of the training did. Of a private training it holds exact losses: it is not for those whom the model is for, and not saved. */
  public List<EpochRecord> trainingLog() {
    return facts.log();
  }

  /** What was released of the interactions that it was trained on, this training included; null where it was not private, and after {@link #load}: whoever keeps the model keeps the ledger. */
  public @Nullable PrivacyLedger ledger() {
    return facts.ledger();
  }

  /** What its private steps did to people: internal, not private; null where {@link #ledger} is. */
  public @Nullable StepStatistics stepStatistics() {
    return facts.steps();
  }

  /** What its private steps released in the end, of which the last entry of {@link #ledger} has the hash; null where that is. */
  public @Nullable ReleasedTensors released() {
    return facts.released();
  }

  /** The configuration that it was trained with, by option. */
  public Map<String, String> trainingConfig() {
    return facts.config();
  }

  /** As {@link #encode(List, VectorCache, Progress)}, of a whole catalogue. */
  public ItemVectors encode(Catalog catalog, @Nullable VectorCache cache, Progress progress) {
    return encode(catalog.items(), cache, progress);
  }

  /**
   * The vectors of items, in their order.
   *
   * @param cache where the encoders' outputs are looked up and kept, or null
   */
  public ItemVectors encode(List<Item> items, @Nullable VectorCache cache, Progress progress) {
    List<float[] @Nullable []> encoded = new ArrayList<>();
    for (Modality<?, ?> modality : modalities) {
      encoded.add(EncodedItems.of(modality, items, cache, progress));
    }
    return fuse(encoded, items.size());
  }

  /** The vectors of one item, which need not be in any catalogue: index 0 of the result. Takes milliseconds to tens of them. */
  public ItemVectors encodeItem(Item item) {
    return encode(List.of(item), null, Progress.silent());
  }

  /**
   * The vectors of one item, some of whose encoder outputs are at hand already: those that people supply, and any other.
   *
   * @param given encoder outputs by the name of their modality; the others are encoded, or lacking where their encoder takes supplied vectors alone
   * @throws FusionException {@code UNSUPPORTED_MODALITY} where the model has no modality of a name, {@code DIMENSION_MISMATCH} where a vector has another length than the encoder's
   */
  public ItemVectors encodeItem(Item item, Map<String, float[]> given) {
    return fuse(outputs(item, given), 1);
  }

  /** What the encoders say of one item, in the order of the modalities: one row each, null where the item lacks the modality; see {@link #encodeItem(Item, Map)}. */
  public List<float[] @Nullable []> outputs(Item item, Map<String, float[]> given) {
    for (String name : given.keySet()) {
      if (!modalities().contains(name)) {
        throw new FusionException("UNSUPPORTED_MODALITY",
            "a vector was given for '%s' but the model has %s".formatted(name, modalities()));
      }
    }
    List<float[] @Nullable []> encoded = new ArrayList<>();
    for (Modality<?, ?> modality : modalities) {
      float[] vector = given.get(modality.name());
      if (vector != null && vector.length != modality.encoder().dimension()) {
        throw new FusionException("DIMENSION_MISMATCH",
            "the vector of '%s' of item '%s' has %d values but the model takes %d".formatted(modality.name(),
                item.id(), vector.length, modality.encoder().dimension()));
      }
      encoded.add(vector == null ? EncodedItems.of(modality, List.of(item), null, Progress.silent())
          : new float[][]{vector.clone()});
    }
    return encoded;
  }

  /** What the encoders say of items, in the order of the modalities: one row an item, null where it lacks the modality. */
  public List<float[] @Nullable []> outputs(List<Item> items) {
    List<float[] @Nullable []> encoded = new ArrayList<>();
    for (Modality<?, ?> modality : modalities) {
      encoded.add(EncodedItems.of(modality, items, null, Progress.silent()));
    }
    return encoded;
  }

  /**
   * The vectors of items from their encoders' outputs.
   *
   * @param encoded for each modality: one row an item, null where the item lacks the modality
   */
  public ItemVectors fuse(List<float[] @Nullable []> encoded, int size) {
    int count = modalities.size();
    int d = dimension();
    float[] parts = new float[size * count * d];
    float[] weights = new float[size * count];
    boolean[] present = new boolean[size * count];
    TensorRuntime runtime = TensorRuntime.get();
    for (int from = 0; from < size; from += BLOCK) {
      int to = Math.min(size, from + BLOCK);
      try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
        List<NDArray> inputs = new ArrayList<>();
        float[] presence = new float[(to - from) * count];
        for (int m = 0; m < count; m++) {
          int width = modalities.get(m).encoder().dimension();
          float[] flat = new float[(to - from) * width];
          for (int i = from; i < to; i++) {
            float[] row = encoded.get(m)[i];
            if (row != null) {
              System.arraycopy(row, 0, flat, (i - from) * width, width);
              presence[(i - from) * count + m] = 1;
              present[i * count + m] = true;
            }
          }
          inputs.add(scope.floats(flat, to - from, width));
        }
        List<NDArray> vectors = tower.project(scope, inputs, null, null);
        NDArray w = tower.fusion().weights(scope, vectors, scope.floats(presence, to - from, count), null);
        split(vectors, w.toFloatArray(), from, to, parts, weights);
      }
    }
    return new ItemVectors(modalities(), d, parts, weights, present);
  }

  /** Writes {@code w_m v_m / |Σ w v|} for the items of a block. */
  private void split(List<NDArray> vectors, float[] w, int from, int to, float[] parts, float[] weights) {
    int count = vectors.size();
    int d = dimension();
    List<float[]> v = vectors.stream().map(NDArray::toFloatArray).toList();
    for (int i = 0; i < to - from; i++) {
      double square = 0;
      for (int k = 0; k < d; k++) {
        double sum = 0;
        for (int m = 0; m < count; m++) {
          sum += (double) w[i * count + m] * v.get(m)[i * d + k];
        }
        square += sum * sum;
      }
      double length = Math.sqrt(square);
      for (int m = 0; m < count; m++) {
        weights[(from + i) * count + m] = w[i * count + m];
        for (int k = 0; k < d && length > 0 && w[i * count + m] > 0; k++) {
          parts[((from + i) * count + m) * d + k] = (float) (w[i * count + m] * v.get(m)[i * d + k] / length);
        }
      }
    }
  }

  /** Writes the model to a directory, which is made; see {@link ModelFiles} for what lies in it. */
  public void save(Path directory) {
    ModelFiles.save(this, facts, directory);
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws FusionException {@code MODEL_NOT_FOUND}, {@code MODEL_CORRUPT} or {@code FORMAT_TOO_NEW}
   */
  public static MultimodalModel load(Path directory) {
    return ModelFiles.load(directory);
  }

  @Override
  public void close() {
    tower.close();
    for (Modality<?, ?> modality : modalities) {
      if (!modality.borrowed()) {
        modality.encoder().close();
      }
    }
  }
}
