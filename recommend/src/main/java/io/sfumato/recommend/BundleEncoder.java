package io.sfumato.recommend;

import io.sfumato.datasets.Item;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.recommend.bundle.Bundle;
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
    if (closed) {
      throw new RecommendException("CLOSED", "the recommender is closed; open it again");
    }
    if (model == null) {
      model = bundle.reading(Bundle.MULTIMODAL, MultimodalModel::load);
    }
    List<float[] @Nullable []> outputs = model.outputs(item, supplied);
    Map<String, float[]> byName = new LinkedHashMap<>();
    for (int m = 0; m < outputs.size(); m++) {
      float[] output = outputs.get(m)[0];
      if (output != null) {
        byName.put(model.modalities().get(m), output);
      }
    }
    return new Encoded(model.fuse(outputs, 1), byName);
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
