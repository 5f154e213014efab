package io.sfumato.recommend.cli;

import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.classification.Classifier;
import io.sfumato.fusion.classification.LabelledItems;
import io.sfumato.fusion.classification.Prediction;
import io.sfumato.recommend.evaluation.classification.ClassificationReport;
import io.sfumato.recommend.evaluation.classification.Judged;
import io.sfumato.recommend.evaluation.report.ClassificationPage;
import io.sfumato.recommend.evaluation.report.ReportDirectory;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A classifier's measurement as it is told.
 *
 * @param report folder of a page and its figures, or null for none
 * @param cache where encoded texts and pictures are kept; null for the usual place
 * @param output how it is printed
 */
record Measurement(@Nullable Path report, @Nullable Path cache, OutputOptions output) {
  /** Refuses a place for the report that holds something else, before anything is measured. */
  void requireRoom() {
    if (report != null) {
      ReportDirectory.requireRoom(report);
    }
  }

  /**
   * Measures and tells.
   *
   * @param part of the data, for people
   * @param data name of the data set
   */
  void run(Classifier classifier, LabelledItems items, String part, String data, PrintStream out, Progress progress) {
    if (items.size() == 0) {
      throw new FusionException("NO_CONTENT", "no item of %s has a '%s' to measure by".formatted(data, items.column()));
    }
    List<Judged> judged = new ArrayList<>();
    List<Prediction> predictions = classifier.predict(items.items(),
        new VectorCache(cache == null ? ClassifyText.usualCache() : cache), progress);
    for (int i = 0; i < predictions.size(); i++) {
      judged.add(new Judged(items.labels().get(i), predictions.get(i).probabilities()));
    }
    ClassificationReport measured = ClassificationReport.of(classifier.labels(), judged);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("data", data);
    json.put("part", part);
    json.put("label", items.column());
    json.put("unlabelled", items.unlabelled());
    boolean internal = classifier.facts().privacy() != null;
    if (internal) {
      json.put("note", PrivacyFacts.INTERNAL);
    }
    json.putAll(measured.toMap());
    if (report != null) {
      Map<String, String> facts = new LinkedHashMap<>();
      ClassifyText.facts(classifier).forEach(fact -> facts.put(fact.getFirst(), fact.getLast()));
      ReportDirectory.write(report, json,
          ClassificationPage.html(measured, "How well '%s' is told on %s".formatted(items.column(), data),
              "Part: " + part + (internal ? "; " + PrivacyFacts.INTERNAL : "") + ".", facts));
    }
    output.print(out, json, () -> (internal ? "Measured on items: " + PrivacyFacts.INTERNAL + ".\n" : "")
        + ClassifyText.report(measured) + (report == null ? ""
            : "\nReport: " + report.resolve(ReportDirectory.PAGE)
                + "\n"));
  }
}
