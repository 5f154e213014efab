package io.sfumato.privacy.report;

import java.util.List;

/**
 * Bars with a name and a figure each, all on one scale.
 *
 * @param title above them
 * @param alt what they show, for those who do not see them
 * @param bars from the top
 * @param marks what the marks in them stand for
 * @param internal whether no ε covers what they show
 */
record Bars(String title, String alt, List<Bar> bars, List<Mark> marks, boolean internal) {
  Bars {
    bars = List.copyOf(bars);
    marks = List.copyOf(marks);
  }

  /**
   * One bar.
   *
   * @param name of it
   * @param value its figure, as text
   * @param share its length, in [0, 1] of the room
   * @param tone its colour
   * @param marks where lines cross it, in [0, 1]
   */
  record Bar(String name, String value, double share, Tone tone, List<Mark> marks) {
    Bar {
      marks = List.copyOf(marks);
    }
  }

  /** A line across a bar: {@code kind} is {@code claim} or {@code ceiling}. */
  record Mark(String kind, String name, double share) {
    String left() {
      return percent(share);
    }
  }

  /** A length for the stylesheet. */
  static String percent(double share) {
    return String.format(java.util.Locale.ROOT, "%.2f%%", 100 * Math.clamp(share, 0, 1));
  }
}
