package io.sfumato.recommend.config;

import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.image.ImageAugmentation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which encoder sees pictures.
 *
 * @param encoder {@code resnet}, the directory of a checkpoint, a {@code djl://} URL, or {@code none}
 * @param train how much of it learns; null for all of a network from scratch and nothing of a checkpoint, see {@link #tuning}
 * @param size pixels a side for the network from scratch, 16 to 512
 * @param widths channels of its stages, 1 to 5 of them, each a multiple of 8
 * @param blocks residual blocks of each stage, 1 to 8
 * @param augmentation how pictures are varied while an encoder learns
 * @param also checkpoints' directories or {@code djl://} URLs of more encoders of pictures, each a modality of its own
 * @param vectors a file of vectors that stand for the pictures, in place of the encoder; null for none
 */
public record ImageSettings(String encoder, @Nullable FineTuning train, int size, List<Integer> widths, int blocks,
    ImageAugmentation augmentation, List<String> also, @Nullable String vectors) {
  public ImageSettings {
    if (vectors != null) {
      Check.notBlank("image.vectors", vectors);
      train = FineTuning.frozen();
    }
    Check.notBlank("image.encoder", encoder);
    Check.within("image.size", size, 16, 512);
    widths = List.copyOf(widths);
    Check.within("image.widths (their number)", widths.size(), 1, 5);
    widths.forEach(width -> Check.within("image.widths", width, 8, 2048));
    if (widths.stream().anyMatch(width -> width % 8 != 0)) {
      throw new ConfigException("BAD_VALUE", "image.widths", "image.widths must be multiples of 8 but were " + widths);
    }
    Check.within("image.blocks", blocks, 1, 8);
    also = List.copyOf(also);
    Check.more("image", encoder, vectors, also);
  }

  /** How much of it learns: what was asked for, or all of a network from scratch and nothing of a checkpoint. */
  public FineTuning tuning() {
    if (train != null) {
      return train;
    }
    return encoder.equals("resnet") ? FineTuning.full() : FineTuning.frozen();
  }

  /** The same with another part of it that learns. */
  public ImageSettings withTrain(FineTuning value) {
    return new ImageSettings(encoder, value, size, widths, blocks, augmentation, also, vectors);
  }

  /** Whether pictures are seen at all. */
  public boolean enabled() {
    return vectors != null || !encoder.equals("none");
  }
}
