package io.sfumato.encoders.image;

import io.sfumato.encoders.nn.Layer;
import java.util.List;

/** The residual blocks of one resolution; what {@link io.sfumato.encoders.FineTuning.LastLayers} counts. */
record Stage<B extends Layer>(List<B> blocks) implements Layer {
  Stage {
    blocks = List.copyOf(blocks);
  }

  @Override
  public List<Layer> children() {
    return List.copyOf(blocks);
  }
}
