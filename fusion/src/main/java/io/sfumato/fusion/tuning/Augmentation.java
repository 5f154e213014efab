package io.sfumato.fusion.tuning;

import io.sfumato.datasets.Item;
import io.sfumato.encoders.image.ImageAugmentation;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.image.Pixels;
import io.sfumato.encoders.text.TextAugmentation;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.Modality;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How texts and pictures are varied while their encoders learn.
 *
 * @param text of texts, before they are tokenised
 * @param image of pictures, after they are brought to their size
 */
public record Augmentation(TextAugmentation text, ImageAugmentation image) {
  /** Everything stays as it is. */
  public static final Augmentation NONE = new Augmentation(TextAugmentation.none(), ImageAugmentation.NONE);

  /**
   * Reads {@code none}, {@code light}, or {@code wordDropout:wordSwap:leastKept}.
   *
   * @throws IllegalArgumentException when the text is none of them
   */
  public static TextAugmentation text(String text) {
    String value = text.strip();
    if (value.equals("none")) {
      return TextAugmentation.none();
    }
    if (value.equals("light")) {
      return TextAugmentation.light();
    }
    double[] numbers;
    try {
      numbers = Arrays.stream(value.split(":", -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      numbers = new double[0];
    }
    if (numbers.length != 3) {
      throw new IllegalArgumentException(
          "text augmentation must be none, light or wordDropout:wordSwap:leastKept but was '" + text + "'");
    }
    return new TextAugmentation(numbers[0], numbers[1], numbers[2]);
  }

  /** What {@link #text(String)} reads. */
  public static String label(TextAugmentation text) {
    return text.isNone() ? "none"
        : text.equals(TextAugmentation.light()) ? "light"
            : text.wordDropout() + ":" + text.wordSwap() + ":" + text.leastKept();
  }

  /**
   * How the inputs of a modality are varied; null where they are not, or there is no such way.
   *
   * @param items what the inputs were made of
   * @param prepared an input an item, null where it has none
   */
  @SuppressWarnings("unchecked") // A text encoder prepares to TokenIds, an image encoder to Pixels.
  public <I, P> @Nullable Variation<P> of(Modality<I, P> modality, List<Item> items, List<@Nullable P> prepared) {
    if (modality.encoder() instanceof TextEncoder encoder && !text.isNone()) {
      return (item, random) -> (P) encoder.prepare(text.apply((String) input(modality, items.get(item)), random));
    }
    if (modality.encoder() instanceof ImageEncoder && !image.isNone()) {
      return (item, random) -> (P) image.apply((Pixels) present(prepared.get(item), items.get(item)), random);
    }
    return null;
  }

  private static <I> Object input(Modality<I, ?> modality, Item item) {
    return present(modality.input().apply(item), item);
  }

  private static Object present(@Nullable Object input, Item item) {
    if (input == null) {
      throw new IllegalArgumentException("item '" + item.id() + "' has no input to vary");
    }
    return input;
  }
}
