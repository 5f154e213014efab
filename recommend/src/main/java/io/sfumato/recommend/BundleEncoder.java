package io.sfumato.recommend;

import io.sfumato.datasets.Item;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.recommend.bundle.Bundle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The multimodal model of a bundle, read when it is first needed: until then the tensor engine is not started. Encodes one item at a time. */
final class BundleEncoder implements ContentEncoder {
  private final Bundle bundle;
  private @Nullable MultimodalModel model;
  private boolean closed;

  BundleEncoder(Bundle bundle) {
    this.bundle = bundle;
  }

  @Override
  public ItemVectors encode(Item item) {
    return encode(item, Map.of()).vectors();
  }

  @Override
  public synchronized Encoded encode(Item item, Map<String, float[]> supplied) {
    MultimodalModel open = open();
    return encoded(open, open.outputs(item, supplied), 1).get(0);
  }

  /** The encoders see the items together. */
  @Override
  public synchronized List<Encoded> encodeAll(List<Item> items) {
    MultimodalModel open = open();
    return encoded(open, open.outputs(items), items.size());
  }

  private MultimodalModel open() {
    if (closed) {
      throw new RecommendException("CLOSED", "the recommender is closed; open it again");
    }
    if (model == null) {
      model = bundle.reading(Bundle.MULTIMODAL, MultimodalModel::load);
    }
    return model;
  }

  private static List<Encoded> encoded(MultimodalModel open, List<float[] @Nullable []> outputs, int size) {
    ItemVectors fused = open.fuse(outputs, size);
    List<Encoded> encoded = new ArrayList<>();
    for (int item = 0; item < size; item++) {
      Map<String, float[]> byName = new LinkedHashMap<>();
      for (int m = 0; m < outputs.size(); m++) {
        float[] output = outputs.get(m)[item];
        if (output != null) {
          byName.put(open.modalities().get(m), output);
        }
      }
      encoded.add(new Encoded(fused.only(item), byName));
    }
    return encoded;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (model != null) {
      model.close();
      model = null;
    }
  }
}
