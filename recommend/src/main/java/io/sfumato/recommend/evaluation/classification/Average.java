package io.sfumato.recommend.evaluation.classification;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Precision, recall and F1 over all classes.
 *
 * @param precision in [0, 1]
 * @param recall in [0, 1]
 * @param f1 in [0, 1]
 */
public record Average(double precision, double recall, double f1) {

  /** The plain mean over the classes that occur, as a truth or as an answer: every class counts the same. F1 is the mean of the classes' F1. */
  static Average macro(List<ClassFigures> classes) {
    return weighted(classes.stream().filter(c -> c.support() > 0 || c.predicted() > 0).toList(), false);
  }

  /** The mean weighted by support: every example counts the same. */
  static Average weighted(List<ClassFigures> classes) {
    return weighted(classes, true);
  }

  /** Over all decisions taken together: with one label an example, all three are the accuracy. */
  static Average micro(double accuracy) {
    return new Average(accuracy, accuracy, accuracy);
  }

  private static Average weighted(List<ClassFigures> classes, boolean bySupport) {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    double total = 0;
    for (ClassFigures figures : classes) {
      double weight = bySupport ? figures.support() : 1;
      precision += weight * figures.precision();
      recall += weight * figures.recall();
      f1 += weight * figures.f1();
      total += weight;
    }
    return new Average(ClassFigures.ratio(precision, total), ClassFigures.ratio(recall, total),
        ClassFigures.ratio(f1, total));
  }

  /** For JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("precision", precision);
    map.put("recall", recall);
    map.put("f1", f1);
    return map;
  }
}
