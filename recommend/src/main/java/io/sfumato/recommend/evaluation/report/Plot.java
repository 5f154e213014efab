package io.sfumato.recommend.evaluation.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/**
 * A plot of the page: a Vega-Lite specification with its data, and the same in words and figures for whoever does not see it.
 *
 * @param id name of its place on the page, letters and hyphens
 * @param title what it shows, in a few words
 * @param note how to read it, a sentence; "" for none
 * @param label what is to be seen, for screen readers
 * @param spec Vega-Lite 5, without {@code config}, which is {@link Vega#config}
 * @param table the figures
 * @param legend what colours and shapes stand for; empty where nothing is told apart by them
 */
record Plot(String id, String title, String note, String label, Map<String, Object> spec, DataTable table,
    List<Palette.Entry> legend) {

  private static final JsonMapper JSON = new JsonMapper();

  Plot {
    legend = List.copyOf(legend);
    if (!id.matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException("the id of a plot must be letters, digits and hyphens but was '" + id + "'");
    }
  }

  /** The specification as JSON that can stand in a script element: no {@code <} in it. */
  String json() {
    return json(spec);
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plot cannot be written as JSON", e);
    }
  }
}
