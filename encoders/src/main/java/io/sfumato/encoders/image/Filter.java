package io.sfumato.encoders.image;

import java.util.Arrays;

/**
 * How a picture's pixels become those of another size. All but {@link #NEAREST} are convolutions whose filter grows with
 * the picture's reduction, so that every pixel counts ("antialiased"). Names, numbers and values are those of Pillow,
 * which Python's image processors use.
 */
public enum Filter {
  /** The pixel under the middle of the new one. */
  NEAREST(0, 0.5),
  /** sinc(x) sinc(x/3), windowed to 3 pixels a side. */
  LANCZOS(1, 3),
  /** A triangle, 1 pixel a side. */
  BILINEAR(2, 1),
  /** Keys's cubic (1981) with a = −1/2, 2 pixels a side. */
  BICUBIC(3, 2),
  /** The mean of the pixels under the new one. */
  BOX(4, 0.5),
  /** sinc(x) under a Hamming window, 1 pixel a side. */
  HAMMING(5, 1);

  private final int code;
  private final double support;

  Filter(int code, double support) {
    this.code = code;
    this.support = support;
  }

  /** The number that {@code resample} has in a {@code preprocessor_config.json}. */
  public int code() {
    return code;
  }

  /**
   * The filter of a number.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Filter of(int code) {
    return Arrays.stream(values())
        .filter(filter -> filter.code == code)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("resample must be 0 to " + (values().length - 1)
            + " (nearest, lanczos, bilinear, bicubic, box, hamming) but is " + code));
  }

  /** How far from its middle the filter reaches, in pixels of the coarser of both pictures. */
  double support() {
    return support;
  }

  /** The filter's value {@code x} pixels from its middle, not normalised. */
  double weight(double x) {
    double away = Math.abs(x);
    return switch (this) {
      case NEAREST, BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
      case BILINEAR -> away < 1 ? 1 - away : 0;
      case HAMMING -> {
        if (away == 0) {
          yield 1;
        }
        yield away < 1 ? Math.sin(away * Math.PI) / (away * Math.PI) * (0.54 + 0.46 * Math.cos(away * Math.PI)) : 0;
      }
      case BICUBIC -> {
        double a = -0.5;
        if (away < 1) {
          yield ((a + 2) * away - (a + 3)) * away * away + 1;
        }
        yield away < 2 ? (((away - 5) * away + 8) * away - 4) * a : 0;
      }
      case LANCZOS -> x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    };
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
  }
}
