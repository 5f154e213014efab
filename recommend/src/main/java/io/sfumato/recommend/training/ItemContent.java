package io.sfumato.recommend.training;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.runtime.DeviceChoice;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.EncodedItems;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.recommend.collaborative.ContentFeatures;
import io.sfumato.recommend.config.SfumatoConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What encoders say of the items of a catalogue, as baselines on content take it: a block of unit vectors a modality, and the attributes. Computed when it is first asked for. Not thread-safe.
 */
public final class ItemContent {
  private final List<String> modalities;
  private final Supplier<ContentFeatures> compute;
  private @Nullable ContentFeatures features;

  private ItemContent(List<String> modalities, Supplier<ContentFeatures> compute) {
    this.modalities = List.copyOf(modalities);
    this.compute = compute;
  }

  /**
   * By the encoders of a trained model, as its training left them.
   *
   * @param multimodal directory that the model was saved to, see {@link io.sfumato.recommend.bundle.Bundle#MULTIMODAL}
   * @param config what it was trained with
   */
  public static ItemContent ofModel(Path multimodal, SfumatoConfig config, Split split, Progress progress) {
    List<String> enabled = new ArrayList<>();
    if (config.text().enabled()) {
      enabled.add("text");
    }
    if (config.image().enabled()) {
      enabled.add("image");
    }
    return new ItemContent(enabled, () -> {
      start(config);
      try (MultimodalModel model = MultimodalModel.load(multimodal)) {
        return features(model.encoders(), config, split, progress);
      }
    });
  }

  /** By the encoders that a configuration names, as they come: an image encoder that has learned nothing yet ({@code resnet}) is left out. */
  public static ItemContent ofEncoders(SfumatoConfig config, Split split, Progress progress) {
    List<String> learned = new ArrayList<>();
    if (config.text().enabled()) {
      learned.add("text");
    }
    if (config.image().enabled() && (config.image().vectors() != null || !config.image().encoder().equals("resnet"))) {
      learned.add("image");
    }
    return new ItemContent(learned, () -> {
      start(config);
      List<Modality<?, ?>> opened = learned.isEmpty() ? List.of() : EncoderChoice.open(config, learned);
      try {
        return features(opened, config, split, progress);
      } finally {
        opened.forEach(modality -> modality.encoder().close());
      }
    });
  }

  /** All blocks. */
  public ContentFeatures features() {
    ContentFeatures known = features;
    if (known == null) {
      known = compute.get();
      features = known;
    }
    return known;
  }

  /** Whether there is an encoder of this modality that has learned something. */
  boolean offers(String modality) {
    return modalities.contains(modality);
  }

  /**
   * The unit vectors of a modality, an item each, zeros where it lacks it.
   *
   * @throws IllegalArgumentException where the modality is not {@link #offers offered}
   */
  float[][] block(String modality) {
    ContentFeatures all = features();
    int block = all.names().indexOf(modality);
    if (block < 0) {
      throw new IllegalArgumentException("there is no block '%s'; there are %s".formatted(modality, all.names()));
    }
    int from = all.widths().subList(0, block).stream().mapToInt(Integer::intValue).sum();
    float[][] rows = new float[all.rows().length][];
    for (int item = 0; item < rows.length; item++) {
      rows[item] = unit(Arrays.copyOfRange(all.rows()[item], from, from + all.widths().get(block)));
    }
    return rows;
  }

  private static float[] unit(float[] row) {
    double square = 0;
    for (float value : row) {
      square += (double) value * value;
    }
    for (int d = 0; square > 0 && d < row.length; d++) {
      row[d] /= (float) Math.sqrt(square);
    }
    return row;
  }

  private static void start(SfumatoConfig config) {
    TensorRuntime.start(DeviceChoice.valueOf(config.device().toUpperCase(Locale.ROOT)));
  }

  private static ContentFeatures features(List<Modality<?, ?>> modalities, SfumatoConfig config, Split split,
      Progress progress) {
    Catalog catalog = split.dataset().catalog();
    VectorCache cache = new VectorCache(config.cacheDirectory());
    Map<String, float[] @Nullable []> encoded = new LinkedHashMap<>();
    for (Modality<?, ?> modality : modalities) {
      boolean image = modality.encoder().modality().equals("image");
      FineTuning tuning = image ? config.imageTuning() : config.text().train();
      VectorCache usable = tuning instanceof FineTuning.Frozen ? cache : null;
      encoded.put(modality.name(), EncodedItems.of(modality, catalog.items(), usable, progress));
    }
    return RecommenderTrainer.content(encoded, catalog);
  }
}
