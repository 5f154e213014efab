package io.sfumato.datasets;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Element;

/**
 * The screen that a GIF's frames are parts of: its first frame may be smaller, and stands where its descriptor says. What
 * it leaves free is transparent.
 *
 * @param width of the screen, in pixels, the frame's right end at least
 * @param height of the screen, in pixels, the frame's lower end at least
 * @param left column of the screen where the first frame begins
 * @param top row of the screen where the first frame begins
 */
record GifCanvas(int width, int height, int left, int top) {

  private static final String FORMAT = "javax_imageio_gif_image_1.0";

  /** Reads the screen's size from the header and the frame's place from its descriptor. */
  static GifCanvas of(byte[] bytes, ImageReader reader) throws IOException {
    IIOMetadata metadata = reader.getImageMetadata(0);
    Element descriptor = (Element) ((Element) metadata.getAsTree(FORMAT)).getElementsByTagName("ImageDescriptor")
        .item(0);
    int left = Integer.parseInt(descriptor.getAttribute("imageLeftPosition"));
    int top = Integer.parseInt(descriptor.getAttribute("imageTopPosition"));
    int width = (bytes[6] & 0xff) | (bytes[7] & 0xff) << 8;
    int height = (bytes[8] & 0xff) | (bytes[9] & 0xff) << 8;
    return new GifCanvas(Math.max(width, left + reader.getWidth(0)), Math.max(height, top + reader.getHeight(0)), left,
        top);
  }

  /** The frame in its place; the frame itself where it is the whole screen. */
  BufferedImage place(BufferedImage frame) {
    if (frame.getWidth() == width && frame.getHeight() == height) {
      return frame;
    }
    BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = canvas.createGraphics();
    try {
      graphics.drawImage(frame, left, top, null);
    } finally {
      graphics.dispose();
    }
    return canvas;
  }
}
