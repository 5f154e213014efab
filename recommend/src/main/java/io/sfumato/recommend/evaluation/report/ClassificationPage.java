package io.sfumato.recommend.evaluation.report;

import static io.sfumato.recommend.evaluation.report.Vega.obj;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.sfumato.recommend.evaluation.classification.Average;
import io.sfumato.recommend.evaluation.classification.Calibration;
import io.sfumato.recommend.evaluation.classification.ClassFigures;
import io.sfumato.recommend.evaluation.classification.ClassificationReport;
import io.sfumato.recommend.evaluation.classification.Confusion;
import io.sfumato.recommend.evaluation.report.ReportPage.Tile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The page of a classifier's measurement: one HTML file that loads nothing, made as {@link ReportPage} is.
 *
 * @param report what was measured
 * @param title of the page
 * @param note on which items
 * @param facts what is known of the classifier, by name
 */
public record ClassificationPage(ClassificationReport report, String title, String note, Map<String, String> facts) {

  /** Labels that plots show, those with the most items: more cannot be read. */
  private static final int SHOWN = 30;
  private static final int MISTAKES = 15;
  private static final int CELL = 24;
  private static final String PACKAGE = ReportPage.class.getPackageName();

  public ClassificationPage {
    facts = new LinkedHashMap<>(facts);
  }

  /** The page as HTML; see the record's components. */
  public static String html(ClassificationReport report, String title, String note, Map<String, String> facts) {
    StringOutput html = new StringOutput();
    TemplateEngine.createPrecompiled(null, ContentType.Html, ReportPage.class.getClassLoader(), PACKAGE)
        .render("classification.jte", new ClassificationPage(report, title, note, facts), html);
    return html.toString();
  }

  /** Sentences computed from the figures. */
  List<String> verdict() {
    List<String> sentences = new ArrayList<>();
    sentences.add("%s of %s were given their own label (95 %%: %s to %s).".formatted(percent(report.accuracy()),
        Words.plural(report.examples(), "item"), percent(report.interval().low()),
        percent(report.interval().high())));
    occurring().stream()
        .filter(c -> c.support() > 0)
        .min(Comparator.comparingDouble(ClassFigures::f1))
        .ifPresent(worst -> sentences.add("Told worst is '%s', with F1 %s over %s.".formatted(worst.label(),
            Words.figure(worst.f1()), Words.plural(worst.support(), "item"))));
    if (!report.unseen().isEmpty()) {
      sentences.add("The classifier does not know %s: %s.".formatted(
          Words.plural(report.unseen().size(), "label"), Words.list(report.unseen())));
    }
    return sentences;
  }

  private static String percent(double share) {
    return String.format(java.util.Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** Figures that stand out. */
  List<Tile> tiles() {
    List<Tile> tiles = new ArrayList<>();
    tiles.add(new Tile(Words.figure(report.accuracy()), "Accuracy",
        "%s to %s".formatted(Words.figure(report.interval().low()), Words.figure(report.interval().high()))));
    tiles.add(new Tile(Words.figure(report.macro().f1()), "F1, macro average", "every label counts the same"));
    if (!Double.isNaN(report.logLoss())) {
      tiles.add(new Tile(Words.figure(report.logLoss()), "Log loss", "nats; less is better"));
    }
    tiles.add(new Tile(Words.figure(report.calibration().error()), "Calibration error", "less is better"));
    return tiles;
  }

  /** Labels that occur as a truth or as an answer, the most frequent first. */
  private List<ClassFigures> occurring() {
    return report.classes()
        .stream()
        .filter(c -> c.support() > 0 || c.predicted() > 0)
        .sorted(Comparator.comparingLong(ClassFigures::support).reversed())
        .toList();
  }

  /** All labels and averages. */
  DataTable table() {
    List<List<String>> rows = new ArrayList<>();
    occurring().forEach(c -> rows.add(List.of(c.label(), Words.figure(c.precision()), Words.figure(c.recall()),
        Words.figure(c.f1()), Long.toString(c.support()))));
    rows.add(average("macro average", report.macro()));
    rows.add(average("micro average", report.micro()));
    rows.add(average("weighted average", report.weighted()));
    return new DataTable(List.of("Label", "Precision", "Recall", "F1", "Support"), rows, "macro average");
  }

  private List<String> average(String name, Average average) {
    return List.of(name, Words.figure(average.precision()), Words.figure(average.recall()),
        Words.figure(average.f1()), Long.toString(report.examples()));
  }

  /** F1 of each label, and precision and recall around it. */
  List<Plot> byLabel() {
    List<ClassFigures> shown = occurring().stream().limit(SHOWN).toList();
    List<String> names = shown.stream().map(ClassFigures::label).toList();
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<String>> cells = new ArrayList<>();
    for (ClassFigures c : shown) {
      rows.add(obj("label", c.label(), "f1", c.f1(), "precision", c.precision(), "recall", c.recall(), "support",
          c.support()));
      cells.add(List.of(c.label(), Words.figure(c.f1()), Words.figure(c.precision()), Words.figure(c.recall())));
    }
    Map<String, Object> y = Vega.names("label", names);
    List<Object> tips = List.of(Vega.tip("label", "label", ""), Vega.tip("f1", "F1", ".4f"),
        Vega.tip("precision", "precision", ".4f"), Vega.tip("recall", "recall", ".4f"),
        Vega.tip("support", "items", "d"));
    List<Map<String, Object>> layers = List.of(
        obj("mark", obj("type", "bar", "color", Vega.OURS, "opacity", 0.85, "height", obj("band", 0.6)), "encoding",
            obj("y", y, "x", Vega.fromZero("f1", "F1", ".2~f"), "tooltip", tips)),
        obj("mark", obj("type", "rule", "color", Vega.INK), "encoding",
            obj("y", y, "x", obj("field", "precision", "type", "quantitative"), "x2", obj("field", "recall"))));
    return List.of(new Plot("labels-f1", "F1 by label", "The line leads from precision to recall" + limited(),
        "Bars of F1 for %d labels; the figures stand in the table below".formatted(shown.size()),
        Vega.layered(rows, CELL * shown.size(), layers),
        new DataTable(List.of("Label", "F1", "Precision", "Recall"), cells, ""), List.of()));
  }

  private String limited() {
    return occurring().size() > SHOWN ? "; the %d most frequent of %d labels".formatted(SHOWN, occurring().size())
        : "";
  }

  /** The confusion matrix as a picture: shares of each true label. */
  Plot confusion() {
    List<String> names = occurring().stream().limit(SHOWN).map(ClassFigures::label).toList();
    Confusion confusion = report.confusion();
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<String>> cells = new ArrayList<>();
    for (String truth : names) {
      int row = confusion.labels().indexOf(truth);
      long support = confusion.support(row);
      List<String> cell = new ArrayList<>(List.of(truth));
      for (String answer : names) {
        long count = confusion.count(row, confusion.labels().indexOf(answer));
        cell.add(Long.toString(count));
        rows.add(obj("truth", truth, "answer", answer, "count", count, "share",
            support == 0 ? 0 : (double) count / support));
      }
      cells.add(cell);
    }
    Map<String, Object> x = Vega.names("answer", names);
    x.put("axis", obj("title", "was called", "labelAngle", -45, "labelLimit", 110, "domain", false, "ticks", false,
        "orient", "top"));
    Map<String, Object> y = Vega.names("truth", names);
    List<Object> tips = List.of(Vega.tip("truth", "is", ""), Vega.tip("answer", "was called", ""),
        Vega.tip("count", "items", "d"), Vega.tip("share", "share of the label", ".1%"));
    List<Map<String, Object>> layers = new ArrayList<>(List.of(
        obj("mark", obj("type", "rect", "color", Vega.OURS, "stroke", Vega.LINE), "encoding",
            obj("x", x, "y", y, "fillOpacity",
                obj("field", "share", "type", "quantitative", "legend", false, "scale",
                    obj("domain", List.of(0, 1), "range", List.of(0.02, 0.9))),
                "tooltip", tips))));
    if (names.size() <= SHOWN / 2) {
      layers.add(obj("transform", List.of(obj("filter", "datum.count > 0")), "mark", obj("type", "text"), "encoding",
          obj("x", x, "y", y, "text", obj("field", "count", "type", "quantitative", "format", ",d"))));
    }
    List<String> headings = new ArrayList<>(List.of("Is, across: was called"));
    headings.addAll(names);
    return new Plot("confusion-matrix", "Confusion matrix",
        "A row is a true label, a column what it was called; the darker, the larger the share of the row" + limited(),
        "Matrix of %d true labels by as many answers; the counts stand in the table below".formatted(names.size()),
        Vega.layered(rows, CELL * names.size(), layers), new DataTable(headings, cells, ""), List.of());
  }

  boolean hasMistakes() {
    return !report.confusion().mistakes(1).isEmpty();
  }

  DataTable mistakes() {
    return new DataTable(List.of("Is", "Was called", "Items"),
        report.confusion()
            .mistakes(MISTAKES)
            .stream()
            .map(m -> List.of(m.truth(), m.answer(), Long.toString(m.count())))
            .toList(),
        "");
  }

  /** How often answers of each confidence are right. */
  Plot calibration() {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<String>> cells = new ArrayList<>();
    for (Calibration.Bin bin : report.calibration().bins()) {
      rows.add(obj("confidence", bin.confidence(), "accuracy", bin.accuracy(), "count", bin.count()));
      cells.add(List.of(Words.figure(bin.confidence()), Words.figure(bin.accuracy()), Long.toString(bin.count())));
    }
    Map<String, Object> x = Vega.fromZero("confidence", "mean confidence", ".1f");
    x.put("scale", obj("domain", List.of(0, 1)));
    Map<String, Object> y = Vega.fromZero("accuracy", "accuracy", ".1f");
    y.put("scale", obj("domain", List.of(0, 1)));
    List<Object> tips = List.of(Vega.tip("confidence", "confidence", ".3f"), Vega.tip("accuracy", "accuracy", ".3f"),
        Vega.tip("count", "items", "d"));
    List<Map<String, Object>> layers = List.of(
        obj("data", obj("values", List.of(obj("v", 0), obj("v", 1))), "mark",
            obj("type", "line", "color", Vega.SOFT, "strokeDash", List.of(4, 4)), "encoding",
            obj("x", obj("field", "v", "type", "quantitative"), "y", obj("field", "v", "type", "quantitative"))),
        obj("mark", obj("type", "line", "color", Vega.OURS), "encoding", obj("x", x, "y", y)),
        obj("mark", obj("type", "point", "color", Vega.OURS), "encoding",
            obj("x", x, "y", y, "size",
                obj("field", "count", "type", "quantitative", "legend", false, "scale",
                    obj("range", List.of(30, 400))),
                "tooltip", tips)));
    return new Plot("reliability", "Reliability",
        "A point for the answers of like confidence, the larger the more of them; on the dashed line it is right as often as it says",
        "Accuracy over confidence in %d bins; the figures stand in the table below".formatted(rows.size()),
        Vega.layered(rows, 260, layers), new DataTable(List.of("Confidence", "Accuracy", "Items"), cells, ""),
        List.of());
  }

  /** The plots with what they all look like, as JSON for a script element. */
  String specs() {
    Map<String, Object> plots = new LinkedHashMap<>();
    List<Plot> all = new ArrayList<>(byLabel());
    all.add(confusion());
    all.add(calibration());
    all.forEach(plot -> plots.put(plot.id(), plot.spec()));
    return Plot.json(obj("config", Vega.config(), "plots", plots));
  }

  List<String> scripts() {
    return PlotLibrary.scripts();
  }

  String licence() {
    return PlotLibrary.licence();
  }
}
