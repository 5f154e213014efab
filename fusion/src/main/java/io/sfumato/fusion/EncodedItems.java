package io.sfumato.fusion;

import io.sfumato.datasets.Item;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.ContentKey;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.supplied.SuppliedEncoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the encoder of a modality says of a list of items, before any projection. */
public final class EncodedItems {
  private EncodedItems() {}

  /**
   * Encodes, or takes from the cache.
   *
   * @param cache where vectors are looked up and kept, or null
   * @return one row of length D an item, or null where the item lacks the modality
   */
  public static <I, P> float[] @Nullable [] of(Modality<I, P> modality, List<Item> items, @Nullable VectorCache cache,
      Progress progress) {
    return cache == null || modality.encoder() instanceof SuppliedEncoder // of which there is nothing to save
        ? encoded(modality, items, progress)
        : cached(modality, items, cache, progress);
  }

  private static <I, P> float[] @Nullable [] encoded(Modality<I, P> modality, List<Item> items, Progress progress) {
    Encoder<I, P> encoder = modality.encoder();
    List<P> prepared = new ArrayList<>();
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      I input = modality.input().apply(items.get(i));
      if (input != null) {
        rows.add(i);
        prepared.add(encoder.prepare(input));
      }
    }
    float[][] vectors = encoder.encodePrepared(prepared, progress);
    float[] @Nullable [] out = new float[items.size()][];
    for (int k = 0; k < vectors.length; k++) {
      out[rows.get(k)] = vectors[k];
    }
    return out;
  }

  private static <I, P> float[] @Nullable [] cached(Modality<I, P> modality, List<Item> items, VectorCache cache,
      Progress progress) {
    List<Item> having = new ArrayList<>();
    List<Integer> rows = new ArrayList<>();
    List<ContentKey> keys = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      byte[] content = modality.content().apply(items.get(i));
      if (content != null) {
        rows.add(i);
        having.add(items.get(i));
        keys.add(ContentKey.of(content));
      }
    }
    float[][] vectors = cache.encode(modality.encoder(), keys, k -> modality.input().apply(having.get(k)), progress);
    float[] @Nullable [] out = new float[items.size()][];
    for (int k = 0; k < vectors.length; k++) {
      out[rows.get(k)] = vectors[k].length == 0 ? null : vectors[k];
    }
    return out;
  }
}
