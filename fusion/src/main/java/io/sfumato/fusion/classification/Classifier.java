package io.sfumato.fusion.classification;

import io.sfumato.datasets.Item;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.fusion.EncodedItems;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.Modality;
import io.sfumato.privacy.accounting.PrivacyLedger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives items labels by their text, their picture, or both. A modality that an item lacks is left out of its fusion; an item with neither gets what the head says of nothing, about how frequent the
 * classes are.
 *
 * <p>Thread-safe: nothing changes after construction. Owns its encoders, but those of {@linkplain Modality#borrowed() borrowed} modalities, and the parameters of projections and fusion: close it.
 */
public final class Classifier implements AutoCloseable {
  /** Folder of what a private training knows exactly, which its promise does not cover. */
  public static final String INTERNAL = "people";

  private final List<String> labels;
  private final List<Modality<?, ?>> modalities;
  private final Features features;
  private final LinearHead head;
  private final ClassifierFacts facts;

  /**
   * @param modalities taken over, in the order of the features
   * @param features taken over
   * @param head over as many classes as there are labels
   */
  Classifier(List<String> labels, List<Modality<?, ?>> modalities, Features features, LinearHead head,
      ClassifierFacts facts) {
    this.labels = List.copyOf(labels);
    this.modalities = List.copyOf(modalities);
    this.features = features;
    this.head = head;
    this.facts = facts;
    if (head.classes() != labels.size() || head.inputs() != features.dimension()) {
      throw new FusionException("DIMENSION_MISMATCH",
          "a head of %d classes over %d features does not fit %d labels and %d features".formatted(head.classes(),
              head.inputs(), labels.size(), features.dimension()));
    }
    // A finished classifier computes as one that is opened: with packed weights, which what learns cannot have.
    features.parameters().forEach(parameter -> parameter.setTrainable(false));
  }

  /**
   * Opens what {@link #save} wrote.
   *
   * @throws FusionException {@code MODEL_NOT_FOUND}, {@code MODEL_CORRUPT} or {@code FORMAT_TOO_NEW}
   */
  public static Classifier open(Path directory) {
    return ClassifierFiles.load(directory);
  }

  /** The labels that it gives, in the order of its probabilities. */
  public List<String> labels() {
    return labels;
  }

  /** Names of the modalities that it reads. */
  public List<String> modalities() {
    return modalities.stream().<String>map(Modality::name).toList();
  }

  /** Where it comes from. */
  public ClassifierFacts facts() {
    return facts;
  }

  /** As {@link #predict(List, VectorCache, Progress)}, without a cache. */
  public List<Prediction> predict(List<Item> items, Progress progress) {
    return predict(items, null, progress);
  }

  /**
   * Says what items are, in their order.
   *
   * @param cache where encoded texts and pictures are looked up and kept, or null
   */
  public List<Prediction> predict(List<Item> items, @Nullable VectorCache cache, Progress progress) {
    List<float[] @Nullable []> encoded = new ArrayList<>();
    for (Modality<?, ?> modality : modalities) {
      encoded.add(EncodedItems.of(modality, items, cache, progress));
    }
    float[][] x = features.of(encoded, items.size());
    List<Prediction> out = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      out.add(new Prediction(items.get(i).id(), labels, head.probabilities(x[i])));
    }
    return out;
  }

  /** The same with a note of how its items can be read again, such as {@code location}; takes this one's place, so that one of both is closed. */
  public Classifier withSource(Map<String, String> source) {
    return new Classifier(labels, modalities, features, head, facts.withSource(source));
  }

  /** What a private classifier in a folder has released of its training items, for further training on them; null where there is none. */
  public static @Nullable PrivacyLedger released(Path directory) {
    return ClassifierFiles.ledger(directory);
  }

  /**
   * Refuses a place where {@link #save} would, before a long training.
   *
   * @param isPrivate whether the training is private and goes on from what is {@linkplain #released released}
   * @throws FusionException {@code MODEL_NOT_WRITTEN} or {@code NOT_PRIVATE}
   */
  public static void requireRoom(Path directory, boolean isPrivate) {
    ClassifierFiles.requireRoom(directory, isPrivate);
  }

  /**
   * Writes it to a folder, whole or not at all; a classifier that is there is replaced.
   *
   * <p>In the folder: {@code classifier.json} (labels, configuration, provenance), {@code classifier.safetensors} (projections, fusion, head), a folder {@code encoder-NAME} for each encoder that does not
   * come with the software, and of a private training {@code ledger.json} and {@value #INTERNAL}.
   *
   * @throws FusionException {@code MODEL_NOT_WRITTEN} where the disk refuses or the folder holds something else, {@code NOT_PRIVATE} where it would replace a private classifier without continuing its
   *     ledger
   */
  public void save(Path directory) {
    ClassifierFiles.save(this, directory);
  }

  List<Modality<?, ?>> encoders() {
    return modalities;
  }

  Features features() {
    return features;
  }

  LinearHead head() {
    return head;
  }

  @Override
  public void close() {
    features.close();
    for (Modality<?, ?> modality : modalities) {
      if (!modality.borrowed()) {
        modality.encoder().close();
      }
    }
  }
}
