package io.sfumato.recommend.cli;

import io.sfumato.datasets.Dataset;
import io.sfumato.fusion.classification.Classifier;
import io.sfumato.fusion.classification.ClassifierFacts;
import io.sfumato.fusion.classification.LabelledItems;
import io.sfumato.recommend.evaluation.classification.Average;
import io.sfumato.recommend.evaluation.classification.ClassFigures;
import io.sfumato.recommend.evaluation.classification.ClassificationReport;
import io.sfumato.recommend.evaluation.classification.Confusion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the classify commands say of data, classifiers and measurements. */
final class ClassifyText {
  /** Up to so many labels the whole confusion matrix is printed. */
  private static final int MATRIX = 12;
  private static final int LABEL_WIDTH = 28;
  private static final int MISTAKES = 10;

  private ClassifyText() {}

  /** Where encoded vectors are kept unless said. */
  static Path usualCache() {
    return Path.of(System.getProperty("user.home"), ".sfumato", "vectors");
  }

  /** A line or two: what a data set holds, and what was left out. */
  static String data(Dataset dataset, LabelledItems labelled) {
    String sizes = "%s: %s with a '%s', %s of it".formatted(dataset.name(),
        Sfumato.plural(labelled.size(), "item"), labelled.column(),
        Sfumato.plural(labelled.classes().size(), "kind"));
    String without = labelled.unlabelled() == 0 ? ""
        : "; " + Sfumato.plural(labelled.unlabelled(), "item") + " without";
    return sizes + without + (dataset.report().total() == 0 ? "" : "\nleft out or missing: " + dataset.report());
  }

  /** A classifier, for JSON. */
  static Map<String, Object> json(Classifier classifier) {
    ClassifierFacts facts = classifier.facts();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", facts.kind());
    json.put("labels", classifier.labels());
    json.put("modalities", classifier.modalities());
    json.put("results", facts.results());
    ClassifierFacts.Privacy privacy = facts.privacy();
    if (privacy != null) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("epsilon", privacy.epsilon());
      map.put("budget", privacy.budget().epsilon());
      map.put("delta", privacy.budget().delta());
      map.put("unit", privacy.ledger().unit().label());
      map.put("noise", privacy.ledger().seeded() ? "seeded" : "secure");
      map.put("ledger_head", privacy.ledger().head());
      map.put("charged", privacy.ledger().entries().size());
      json.put("privacy", map);
    }
    return json;
  }

  /** A classifier, in lines of name and value. */
  static List<List<String>> facts(Classifier classifier) {
    ClassifierFacts facts = classifier.facts();
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("classifier", facts.kind() + ", " + String.join(" and ", classifier.modalities())));
    lines.add(List.of("labels", Text.cut(classifier.labels().size() + ": " + String.join(", ", classifier.labels()),
        90)));
    for (String name : List.of("train", "valid", "penalty", "temperature")) {
      Object value = facts.results().get(name);
      if (value != null) {
        lines.add(List.of(name, value instanceof Double number ? figure(number) : String.valueOf(value)));
      }
    }
    if (facts.results().get("epochs") instanceof List<?> epochs && !epochs.isEmpty()) {
      lines.add(List.of("epochs", String.valueOf(epochs.size())));
    }
    ClassifierFacts.Privacy privacy = facts.privacy();
    if (privacy != null) {
      lines.add(List.of("privacy", privacy.holds()
          ? String.format(Locale.ROOT, "epsilon %.4f of %s at delta %.1e for each training item", privacy.epsilon(),
              privacy.budget().epsilon(), privacy.budget().delta())
          : "none: the noise was seeded, for a test; nobody is protected"));
    }
    return lines;
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }

  /** A measurement: the figures of the whole, of each label, and who was taken for whom. */
  static String report(ClassificationReport report) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "accuracy %.4f (95 %%: %.4f to %.4f) of %s%n", report.accuracy(),
        report.interval().low(), report.interval().high(), Sfumato.plural(report.examples(), "item")));
    text.append(String.format(Locale.ROOT, "log loss %.4f, expected calibration error %.4f%n", report.logLoss(),
        report.calibration().error()));
    if (!report.unseen().isEmpty()) {
      text.append(Text.wrap("Labels that the classifier does not know, counted as mistakes: "
          + String.join(", ", report.unseen())));
    }
    List<List<String>> rows = new ArrayList<>();
    report.classes()
        .stream()
        .filter(c -> c.support() > 0 || c.predicted() > 0)
        .sorted(Comparator.comparingLong(ClassFigures::support).reversed())
        .forEach(c -> rows.add(row(c.label(), c.precision(), c.recall(), c.f1(), c.support())));
    rows.add(row("macro average", report.macro(), report.examples()));
    rows.add(row("micro average", report.micro(), report.examples()));
    rows.add(row("weighted average", report.weighted(), report.examples()));
    text.append('\n').append(Text.table(List.of("label", " precision", " recall", " F1", " support"), rows));
    return text.append('\n').append(confusion(report.confusion())).toString();
  }

  private static List<String> row(String name, Average average, long support) {
    return row(name, average.precision(), average.recall(), average.f1(), support);
  }

  private static List<String> row(String name, double precision, double recall, double f1, long support) {
    return List.of(Text.cut(name, LABEL_WIDTH), Text.metric(precision), Text.metric(recall), Text.metric(f1),
        String.format(Locale.ROOT, "%,d", support));
  }

  private static String confusion(Confusion confusion) {
    List<String> labels = confusion.labels();
    if (labels.size() > MATRIX) {
      return "Most frequent mistakes:\n" + Text.table(List.of("is", "was called", " times"),
          confusion.mistakes(MISTAKES)
              .stream()
              .map(m -> List.of(Text.cut(m.truth(), LABEL_WIDTH), Text.cut(m.answer(), LABEL_WIDTH),
                  Long.toString(m.count())))
              .toList());
    }
    List<String> heading = new ArrayList<>(List.of("is ╲ was called"));
    labels.forEach(label -> heading.add(" " + Text.cut(label, 12)));
    List<List<String>> rows = new ArrayList<>();
    for (int truth = 0; truth < labels.size(); truth++) {
      List<String> row = new ArrayList<>(List.of(Text.cut(labels.get(truth), LABEL_WIDTH)));
      for (int answer = 0; answer < labels.size(); answer++) {
        row.add(Long.toString(confusion.count(truth, answer)));
      }
      rows.add(row);
    }
    return Text.table(heading, rows);
  }
}
