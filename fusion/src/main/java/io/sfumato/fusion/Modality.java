package io.sfumato.fusion;

import io.sfumato.datasets.DataException;
import io.sfumato.datasets.Images;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.image.ResNetEncoder;
import io.sfumato.encoders.supplied.SuppliedEncoder;
import io.sfumato.encoders.text.TextEncoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One way in which an item is known: what of it is read, and the encoder that turns this into a vector. Several modalities may read the same thing with different encoders.
 *
 * @param name unique in a model, such as {@code "text"}
 * @param encoder owned by whoever made it until a model takes the modality over
 * @param content the bytes that stand for an item's content, the key of the vector cache; null where the item lacks the modality
 * @param input what the encoder reads; null where the item lacks the modality, or where what it has cannot be read
 * @param pretrained whether the encoder begins with trained weights, so that it is to be tuned gently
 * @param borrowed whether the encoder stays with whoever made it, instead of being closed with the model
 * @param <I> what the encoder reads
 * @param <P> what the encoder prepares it to
 */
public record Modality<I, P>(String name, Encoder<I, P> encoder, Function<Item, byte @Nullable []> content,
    Function<Item, @Nullable I> input, boolean pretrained, boolean borrowed) {

  /** The same, but trained gently or not. */
  public Modality<I, P> asPretrained(boolean value) {
    return new Modality<>(name, encoder, content, input, value, borrowed);
  }

  /** The same, with an encoder that stays with whoever made it: for one encoder in several models. Only a frozen one may be shared. */
  public Modality<I, P> asBorrowed() {
    return new Modality<>(name, encoder, content, input, pretrained, true);
  }

  /** Title and text by a text encoder, under the name {@code "text"}. */
  public static Modality<String, ?> text(TextEncoder encoder) {
    return text("text", encoder);
  }

  /** Title and text by a text encoder. */
  public static Modality<String, ?> text(String name, TextEncoder encoder) {
    return new Modality<>(name, encoder,
        item -> item.hasText() ? item.document().getBytes(StandardCharsets.UTF_8) : null,
        item -> item.hasText() ? item.document() : null, true, false);
  }

  /** The picture by an image encoder, under the name {@code "image"}. */
  public static Modality<BufferedImage, ?> image(ImageEncoder encoder) {
    return image("image", encoder);
  }

  /** The picture by an image encoder. An image that cannot be read or decoded counts as missing. */
  public static Modality<BufferedImage, ?> image(String name, ImageEncoder encoder) {
    return new Modality<>(name, encoder, Modality::imageBytes, Modality::image,
        !(encoder instanceof ResNetEncoder), false);
  }

  /**
   * Vectors that people bring themselves.
   *
   * @param name {@code "text"}, {@code "image"}, or what else the model calls it
   * @param vectors the vector of an item; null where it has none
   */
  public static Modality<float[], ?> supplied(String name, SuppliedEncoder encoder,
      Function<Item, float @Nullable []> vectors) {
    return new Modality<>(name, encoder, item -> {
      float[] vector = vectors.apply(item);
      return vector == null ? null : bytes(vector);
    }, vectors, true, false);
  }

  private static byte[] bytes(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }

  private static byte @Nullable [] imageBytes(Item item) {
    try {
      return item.image() == null ? null : item.image().read();
    } catch (IOException e) {
      Missing.report(item, e);
      return null;
    }
  }

  private static @Nullable BufferedImage image(Item item) {
    byte[] bytes = imageBytes(item);
    try {
      return bytes == null || item.image() == null ? null : Images.decode(bytes, item.image().name());
    } catch (DataException e) {
      Missing.report(item, e);
      return null;
    }
  }
}
