package io.sfumato.fusion.pairs;

import ai.djl.ndarray.NDArray;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.EncodedItems;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.Projection;
import io.sfumato.privacy.accounting.PrivacyLedger;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A text and an image encoder whose vectors stand in one space, so that either can be searched by the other: what {@link
 * PairTrainer} makes.
 *
 * <p>Thread-safe: nothing changes after construction. Owns encoders and projections: close it.
 */
public final class PairModel implements AutoCloseable {
  private static final int BLOCK = 2048;

  private final TextEncoder text;
  private final ImageEncoder image;
  private final Projection textHead;
  private final Projection imageHead;
  private final Map<String, String> config;
  private final List<PairEpoch> log;
  private final @Nullable PrivacyLedger ledger;

  PairModel(TextEncoder text, ImageEncoder image, Projection textHead, Projection imageHead,
      Map<String, String> config, List<PairEpoch> log, @Nullable PrivacyLedger ledger) {
    this.text = text;
    this.image = image;
    this.textHead = textHead;
    this.imageHead = imageHead;
    this.config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
    this.log = List.copyOf(log);
    this.ledger = ledger;
    // A finished model computes as one that is opened: with packed weights, which what learns cannot have.
    Stream.of(textHead, imageHead)
        .flatMap(head -> head.parameters().stream())
        .forEach(parameter -> parameter.setTrainable(false));
  }

  /**
   * Opens what {@link #save} wrote.
   *
   * @throws io.sfumato.fusion.FusionException {@code MODEL_NOT_FOUND} or {@code MODEL_CORRUPT}
   */
  public static PairModel open(Path directory) {
    return PairFiles.open(directory);
  }

  /** Writes {@code pairs.json}, {@code projection.safetensors}, the encoders' folders {@code text} and {@code image}, and {@code ledger.json} of a private tuning. */
  public void save(Path directory) {
    PairFiles.save(this, directory);
  }

  /** The text encoder, which the model owns. */
  public TextEncoder text() {
    return text;
  }

  /** The image encoder, which the model owns. */
  public ImageEncoder image() {
    return image;
  }

  /** From the text encoder's vectors to the common space. */
  public Projection textProjection() {
    return textHead;
  }

  /** From the image encoder's vectors to the common space. */
  public Projection imageProjection() {
    return imageHead;
  }

  /** Length d of the vectors. */
  public int dimension() {
    return (int) textHead.parameters().getLast().size();
  }

  /** The configuration that it was trained with, by option. */
  public Map<String, String> trainingConfig() {
    return config;
  }

  /** What each epoch of the training did. */
  public List<PairEpoch> trainingLog() {
    return log;
  }

  /** What was released of the pairs that it was tuned on; null where the tuning was not private. */
  public @Nullable PrivacyLedger ledger() {
    return ledger;
  }

  /** Unit vectors [n][d] of texts, in their order. */
  public float[][] textVectors(List<String> texts, Progress progress) {
    return project(textHead, text.encode(texts, progress));
  }

  /** Unit vectors [n][d] of pictures, in their order. */
  public float[][] imageVectors(List<BufferedImage> images, Progress progress) {
    return project(imageHead, image.encode(images, progress));
  }

  /**
   * How well texts and images of these items find each other among themselves.
   *
   * @param items those without a readable text and image are left out
   * @param cache where the encoders' outputs are looked up and kept, or null
   */
  public PairRecall recall(List<Item> items, @Nullable VectorCache cache, Progress progress) {
    float[] @Nullable [] texts = EncodedItems.of(Modality.text(text), items, cache, progress);
    float[] @Nullable [] images = EncodedItems.of(Modality.image(image), items, cache, progress);
    int[] both = IntStream.range(0, items.size()).filter(i -> texts[i] != null && images[i] != null).toArray();
    return PairRecall.of(project(textHead, rows(texts, both)), project(imageHead, rows(images, both)));
  }

  private static float[][] rows(float[] @Nullable [] all, int[] which) {
    return Arrays.stream(which).mapToObj(i -> all[i]).filter(row -> row != null).toArray(float[][]::new);
  }

  private float[][] project(Projection head, float[][] outputs) {
    TensorRuntime runtime = TensorRuntime.get();
    float[][] out = new float[outputs.length][];
    int d = dimension();
    for (int from = 0; from < outputs.length; from += BLOCK) {
      float[][] block = Arrays.copyOfRange(outputs, from, Math.min(outputs.length, from + BLOCK));
      try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
        NDArray vectors = head.forward(scope, scope.matrix(block), null, null);
        float[] flat = vectors.toFloatArray();
        for (int i = 0; i < block.length; i++) {
          out[from + i] = Arrays.copyOfRange(flat, i * d, (i + 1) * d);
        }
      }
    }
    return out;
  }

  @Override
  public void close() {
    text.close();
    image.close();
    textHead.close();
    imageHead.close();
  }
}
