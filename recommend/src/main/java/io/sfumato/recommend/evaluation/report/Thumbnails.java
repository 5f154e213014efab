package io.sfumato.recommend.evaluation.report;

import io.sfumato.datasets.ImageSource;
import io.sfumato.datasets.Images;
import io.sfumato.datasets.Item;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Pictures of items, small enough to stand inside a page; each is made once. Not thread-safe. */
public final class Thumbnails {
  private final int side;
  private final Map<String, String> made = new HashMap<>();

  /** @param side the longer side in pixels, at least 1; smaller pictures stay as they are */
  public Thumbnails(int side) {
    if (side < 1) {
      throw new IllegalArgumentException("the side of a picture must be at least 1 pixel but was " + side);
    }
    this.side = side;
  }

  /** The picture as a data URI, or null where the item has none. */
  public @Nullable String of(Item item) {
    ImageSource source = item.image();
    if (source == null) {
      return null;
    }
    return made.computeIfAbsent(item.id(), id -> encode(source));
  }

  private String encode(ImageSource source) {
    try {
      BufferedImage image = scaled(Images.decode(source.read(), source.name()));
      ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
      if (!ImageIO.write(image, "jpeg", jpeg)) {
        throw new IllegalStateException("this JDK cannot write JPEG pictures; use one with the module java.desktop");
      }
      return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg.toByteArray());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("the picture " + source.name() + " cannot be read", e);
    }
  }

  private BufferedImage scaled(BufferedImage image) {
    double scale = side / (double) Math.max(image.getWidth(), image.getHeight());
    if (scale >= 1) {
      return image;
    }
    int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return small;
  }
}
