package io.sfumato.recommend.cli;

import io.sfumato.datasets.Item;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.classification.Classifier;
import io.sfumato.fusion.classification.Prediction;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Predictions as they are told, a window of items at a time.
 *
 * @param top how many labels of an item are told, 1 or more
 * @param output how
 */
record Predictions(int top, OutputOptions output) {
  /** Items that are encoded together. */
  private static final int WINDOW = 1024;

  Predictions {
    if (top < 1) {
      throw new IllegalArgumentException("--top must be 1 or more but was " + top);
    }
  }

  /** Predicts and prints, a line an item. */
  void print(Classifier classifier, List<Item> items, PrintStream out, Progress progress) {
    progress.start("classifying", items.size());
    try {
      for (int from = 0; from < items.size(); from += WINDOW) {
        List<Item> window = items.subList(from, Math.min(items.size(), from + WINDOW));
        for (Prediction prediction : classifier.predict(window, Progress.silent())) {
          output.print(out, json(prediction), () -> line(prediction));
        }
        progress.advance(window.size(), null);
      }
    } finally {
      progress.finish();
    }
  }

  private Map<String, Object> json(Prediction prediction) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", prediction.item());
    json.put("label", prediction.best().label());
    json.put("probability", prediction.best().probability());
    if (top > 1) {
      json.put("top", prediction.top(top));
    }
    return json;
  }

  private String line(Prediction prediction) {
    List<String> told = new ArrayList<>();
    for (Prediction.Scored scored : prediction.top(top)) {
      told.add(String.format(Locale.ROOT, "%s (%.3f)", scored.label(), scored.probability()));
    }
    return prediction.item() + "\t" + String.join(", ", told) + "\n";
  }
}
