package io.sfumato.recommend.evaluation.classification;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well one class is told from the others.
 *
 * @param label its name
 * @param precision share of the examples given this label that have it, in [0, 1]; 0 where no example was given it
 * @param recall share of the examples with this label that were given it, in [0, 1]; 0 where there are none
 * @param f1 harmonic mean of both; 0 where both are 0
 * @param support number of examples with this label
 * @param predicted number of examples that were given this label
 */
public record ClassFigures(String label, double precision, double recall, double f1, long support, long predicted) {

  /** The figures from counts of hits, of examples with the label, and of examples that were given it. */
  static ClassFigures of(String label, long hits, long support, long predicted) {
    double precision = ratio((double) hits, (double) predicted);
    double recall = ratio((double) hits, (double) support);
    return new ClassFigures(label, precision, recall, f1(precision, recall), support, predicted);
  }

  static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  static double f1(double precision, double recall) {
    return ratio(2 * precision * recall, precision + recall);
  }

  /** For JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("label", label);
    map.put("precision", precision);
    map.put("recall", recall);
    map.put("f1", f1);
    map.put("support", support);
    map.put("predicted", predicted);
    return map;
  }
}
