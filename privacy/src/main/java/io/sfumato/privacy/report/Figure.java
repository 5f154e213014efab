package io.sfumato.privacy.report;

import java.util.List;

/**
 * A plot of the page, drawn twice: for wide screens and paper, and for phones.
 *
 * @param title above it
 * @param alt what it shows, for those who do not see it, with its figures
 * @param note below it; "" for none
 * @param wide SVG
 * @param narrow SVG
 * @param keys its legend
 * @param internal whether no ε covers what it shows
 */
record Figure(String title, String alt, String note, String wide, String narrow, List<Key> keys, boolean internal) {
  Figure {
    keys = List.copyOf(keys);
  }

  /** A line of the legend: {@code dash} as in {@link Chart.Curve}. */
  record Key(String name, Tone tone, String dash) {}

  /** Draws a chart; {@code id} is unique on the page. */
  static Figure of(String id, String title, String alt, String note, Chart chart, boolean internal) {
    List<Key> keys = chart.curves()
        .stream()
        .filter(curve -> !curve.name().isEmpty())
        .map(curve -> new Key(curve.name(), curve.tone(), curve.dash()))
        .toList();
    return new Figure(title, alt, note, Drawing.svg(chart, id + "-wide", 560, 360),
        Drawing.svg(chart, id + "-narrow", 360, 310), keys, internal);
  }
}
