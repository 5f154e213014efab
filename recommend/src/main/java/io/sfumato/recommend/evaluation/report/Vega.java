package io.sfumato.recommend.evaluation.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pieces of Vega-Lite specifications. Colours are variables of the page's style sheet, so that plots follow light, dark and print as the page does. */
final class Vega {
  static final String OURS = "var(--ours)";
  static final String OTHER = "var(--other)";
  static final String INK = "var(--ink)";
  static final String SOFT = "var(--soft)";
  static final String LINE = "var(--line)";
  static final String CARD = "var(--card)";
  static final String GOOD = "var(--good)";
  static final String BAD = "var(--bad)";

  private Vega() {}

  /** An object of JSON from names and values in turn; a null value leaves its name out. */
  static Map<String, Object> obj(@Nullable Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null) {
        map.put(String.valueOf(namesAndValues[i]), value);
      }
    }
    return map;
  }

  /** A plot as wide as its place, of layers over the same data. */
  static Map<String, Object> layered(List<Map<String, Object>> rows, Object height, List<Map<String, Object>> layers) {
    return obj("width", "container", "height", height, "autosize", obj("type", "fit-x", "contains", "padding"), "data",
        obj("values", rows), "layer", layers);
  }

  /** A number on an axis. */
  static Map<String, Object> number(String field, String title, String format) {
    return obj("field", field, "type", "quantitative", "title", title, "axis",
        obj("format", format, "tickCount", 5), "scale", obj("zero", false, "nice", true));
  }

  /** The same with an axis that begins at 0. */
  static Map<String, Object> fromZero(String field, String title, String format) {
    Map<String, Object> number = number(field, title, format);
    number.put("scale", obj("zero", true, "nice", true));
    return number;
  }

  /** Names on an axis, in this order. */
  static Map<String, Object> names(String field, List<String> order) {
    return obj("field", field, "type", "nominal", "sort", order, "axis",
        obj("title", "", "labelLimit", 150, "domain", false, "ticks", false, "grid", false));
  }

  /** A colour or shape for each name. */
  static Map<String, Object> scale(String field, List<String> domain, List<String> range) {
    return obj("field", field, "type", "nominal", "legend", false, "scale", obj("domain", domain, "range", range));
  }

  static Map<String, Object> tip(String field, String title, String format) {
    return obj("field", field, "title", title, "format", format, "type",
        format == null || format.isEmpty() ? "nominal" : "quantitative");
  }

  /** What all plots of the page look like. */
  static Map<String, Object> config() {
    return obj("background", "transparent", "font", "inherit",
        "view", obj("stroke", "transparent"),
        "axis", obj("labelColor", SOFT, "titleColor", SOFT, "labelFontSize", 12, "titleFontSize", 12, "titleFontWeight",
            "normal", "gridColor", LINE, "domainColor", LINE, "tickColor", LINE, "titlePadding", 8, "labelPadding", 6),
        "text", obj("color", INK, "fontSize", 12), "rule", obj("color", SOFT),
        "bar", obj("color", OTHER), "point", obj("filled", true));
  }
}
