package io.sfumato.datasets;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Pixels of any decoded picture as 0xRRGGBB, transparent parts over white. Grey levels and colour levels are taken as they
 * are stored: no colour profile is applied, and grey is not made lighter or darker on the way to RGB, as Python's image
 * libraries do it, whose pictures the encoders have learnt from. Of 16 bits the upper 8 count.
 */
final class OpaqueRgb {
  private OpaqueRgb() {}

  /** {@code height * width} pixels, row by row. */
  static int[] of(BufferedImage image) {
    ColorModel model = image.getColorModel();
    int[] rgb = new int[Math.multiplyExact(image.getWidth(), image.getHeight())];
    if (model instanceof IndexColorModel palette) {
      indexed(image.getRaster(), palette, rgb);
    } else if (plain(model, image.getRaster())) {
      levels(image.getRaster(), model, rgb);
    } else {
      image.getRGB(0, 0, image.getWidth(), image.getHeight(), rgb, 0, image.getWidth());
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = overWhite(rgb[i]);
      }
    }
    return rgb;
  }

  /** Grey or RGB, with alpha or without, whole bytes or pairs of them a level. */
  private static boolean plain(ColorModel model, Raster raster) {
    int type = model.getColorSpace().getType();
    int colours = model.getNumColorComponents();
    boolean known = (type == ColorSpace.TYPE_GRAY && colours == 1) || (type == ColorSpace.TYPE_RGB && colours == 3);
    int bits = model.getComponentSize(0);
    for (int i = 1; i < model.getNumComponents(); i++) {
      known &= model.getComponentSize(i) == bits;
    }
    int data = raster.getDataBuffer().getDataType();
    boolean whole = (bits == 8 && (data == DataBuffer.TYPE_BYTE || data == DataBuffer.TYPE_INT))
        || (bits == 16 && data == DataBuffer.TYPE_USHORT);
    return known && whole && raster.getNumBands() == model.getNumComponents() && !model.isAlphaPremultiplied();
  }

  private static void levels(Raster raster, ColorModel model, int[] rgb) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int shift = model.getComponentSize(0) - 8;
    boolean grey = model.getNumColorComponents() == 1;
    boolean alpha = model.hasAlpha();
    int[] line = new int[width * bands];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, line);
      for (int x = 0; x < width; x++) {
        int at = x * bands;
        int red = line[at] >> shift;
        int green = grey ? red : line[at + 1] >> shift;
        int blue = grey ? red : line[at + 2] >> shift;
        int opaque = alpha ? line[at + bands - 1] >> shift : 255;
        rgb[y * width + x] = overWhite(opaque << 24 | red << 16 | green << 8 | blue);
      }
    }
  }

  private static void indexed(Raster raster, IndexColorModel palette, int[] rgb) {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    for (int i = 0; i < colours.length; i++) {
      colours[i] = overWhite(colours[i]);
    }
    int width = raster.getWidth();
    int[] line = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, line);
      for (int x = 0; x < width; x++) {
        rgb[y * width + x] = line[x] < colours.length ? colours[line[x]] : 0;
      }
    }
  }

  private static int overWhite(int argb) {
    int alpha = argb >>> 24;
    if (alpha == 255) {
      return argb & 0xffffff;
    }
    return blend(argb >> 16 & 0xff, alpha) << 16 | blend(argb >> 8 & 0xff, alpha) << 8 | blend(argb & 0xff, alpha);
  }

  private static int blend(int level, int alpha) {
    return (level * alpha + 255 * (255 - alpha) + 127) / 255;
  }
}
