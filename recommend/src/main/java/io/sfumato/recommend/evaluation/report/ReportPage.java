package io.sfumato.recommend.evaluation.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.sfumato.datasets.Catalog;
import io.sfumato.recommend.evaluation.BeyondAccuracy;
import io.sfumato.recommend.evaluation.EvaluationReport;
import io.sfumato.recommend.evaluation.Interval;
import io.sfumato.recommend.evaluation.Metric;
import io.sfumato.recommend.evaluation.PairedTest;
import io.sfumato.recommend.evaluation.SystemReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The page of an evaluation: one HTML file that loads nothing, light and dark, for wide screens, phones and paper. Every plot is a Vega-Lite specification drawn in the browser, with a text alternative and the table
 * of its figures behind it; without scripts, the tables are there.
 *
 * <pre>{@code
 * Files.writeString(file, ReportPage.html(report, split.dataset().catalog()));
 * }</pre>
 */
public final class ReportPage {
  private static final String PACKAGE = ReportPage.class.getPackageName();

  private final EvaluationReport report;
  private final EvaluationReport.Setup setup;
  private final Findings findings;
  private final Palette palette;
  private final AccuracyPlots accuracy;
  private final BeyondPlots beyond;
  private final List<People.Person> people;

  private ReportPage(EvaluationReport report, Catalog catalog) {
    this.report = report;
    this.setup = report.setup();
    this.findings = new Findings(report);
    this.palette = Palette.of(findings.bestFirst(), setup.subject());
    this.accuracy = new AccuracyPlots(report, palette);
    this.beyond = new BeyondPlots(report, palette);
    this.people = new People(catalog).of(report.examples());
  }

  /**
   * The page as HTML.
   *
   * @param report with at least one system
   * @param catalog where titles and pictures of the items of its examples are
   */
  public static String html(EvaluationReport report, Catalog catalog) {
    if (report.systems().isEmpty()) {
      throw new IllegalArgumentException("a page needs a system that was measured but the report has none");
    }
    StringOutput html = new StringOutput();
    TemplateEngine.createPrecompiled(null, ContentType.Html, ReportPage.class.getClassLoader(), PACKAGE)
        .render("report.jte", new ReportPage(report, catalog), html);
    return html.toString();
  }

  /** A figure that stands out at the top. */
  record Tile(String value, String name, String note) {}

  EvaluationReport report() {
    return report;
  }

  String title() {
    return setup.subject().isEmpty() ? "Recommenders on " + report.data().name()
        : "How good " + setup.subject() + " is on " + report.data().name();
  }

  /** What was measured, in a line. */
  String summary() {
    return "%s split, %s part: %s, %s ranked among %s%s.".formatted(Words.capital(report.data().split()), setup.part(),
        Words.plural(setup.users(), "user"), Words.plural(report.systems().size(), "system"),
        Words.plural(setup.items(), "item"), setup.pool().equals("cold") ? " that nobody took in training" : "");
  }

  List<String> verdict() {
    return findings.verdict();
  }

  List<String> weaknesses() {
    return findings.weaknesses();
  }

  List<String> variety() {
    return findings.variety();
  }

  List<Tile> tiles() {
    List<Tile> tiles = new ArrayList<>();
    String shown = palette.shown().getFirst();
    SystemReport system = report.system(shown);
    for (Metric metric : headline()) {
      SystemReport.Figure figure = system.figure(metric, setup.k());
      Interval interval = figure.interval();
      tiles.add(new Tile(Words.figure(figure.mean()), Words.name(metric, setup.k()),
          interval == null ? "" : "%s to %s".formatted(Words.figure(interval.low()), Words.figure(interval.high()))));
    }
    List<PairedTest> tests = AccuracyPlots.tests(report);
    if (!tests.isEmpty()) {
      PairedTest hardest = tests.getFirst();
      tiles.add(new Tile(Words.signed(hardest.difference()),
          Words.name(setup.metric(), setup.k()) + " against " + hardest.other(), "Holm " + Words.pIs(hardest.holm())));
    }
    if (hasBeyond()) {
      BeyondAccuracy b = beyond.of(shown);
      tiles.add(new Tile(Words.percent(b.coverage()), "of the items shown to somebody",
          "in the first %d places".formatted(setup.k())));
    }
    return tiles;
  }

  private List<Metric> headline() {
    List<Metric> metrics = new ArrayList<>(List.of(setup.metric()));
    setup.metrics()
        .stream()
        .filter(metric -> metric.key().equals("recall") && metric != setup.metric())
        .forEach(metrics::add);
    return metrics;
  }

  /** All metrics of all systems at the cut of the report. */
  DataTable table() {
    List<String> headings = new ArrayList<>(List.of("System"));
    metrics().forEach(metric -> headings.add(Words.name(metric, setup.k())));
    List<List<String>> rows = new ArrayList<>();
    for (String name : palette.systems()) {
      List<String> row = new ArrayList<>(List.of(name));
      for (Metric metric : metrics()) {
        SystemReport.Figure figure = report.system(name).figure(metric, setup.k());
        row.add(Words.figure(figure.mean()) + (figure.seeds().size() > 1 ? " ± " + Words.figure(figure.sd()) : ""));
      }
      rows.add(row);
    }
    return new DataTable(headings, rows, setup.subject());
  }

  /** The metric of the report first. */
  private List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>(List.of(setup.metric()));
    setup.metrics().stream().filter(metric -> metric != setup.metric()).forEach(metrics::add);
    return metrics;
  }

  boolean hasSlices() {
    return !AccuracyPlots.groups(report).isEmpty();
  }

  /** What a system is, for those that say it. */
  List<SystemReport> described() {
    return palette.systems().stream().map(report::system).filter(system -> !system.about().isEmpty()).toList();
  }

  boolean hasTests() {
    return !AccuracyPlots.tests(report).isEmpty();
  }

  Plot differences() {
    return accuracy.differences();
  }

  /** Metrics by cut, where there is more than one cut. */
  List<Plot> byCut() {
    return setup.cuts().size() < 2 ? List.of() : headline().stream().map(accuracy::byCut).toList();
  }

  List<Plot> slices() {
    List<String> groups = AccuracyPlots.groups(report);
    List<Plot> plots = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      plots.add(accuracy.slices(groups.get(g), g + 1));
    }
    return plots;
  }

  boolean hasBeyond() {
    return report.systems().stream().allMatch(system -> system.beyond().stream().anyMatch(b -> b.k() == setup.k()));
  }

  DataTable beyondTable() {
    return beyond.table();
  }

  List<Plot> beyondPlots() {
    return List.of(beyond.longTail(), beyond.lorenz(),
        beyond.tradeOff("coverage", "Coverage", ".0%", BeyondAccuracy::coverage),
        beyond.tradeOff("novelty", "Novelty, bits", ".2~f", BeyondAccuracy::novelty));
  }

  List<Plot> modelPlots() {
    return ModelPlots.of(report.facts());
  }

  /** What is known of the model, a line each; maps and lists as they are. */
  List<List<String>> modelFacts() {
    List<List<String>> facts = new ArrayList<>();
    for (Map.Entry<String, Object> fact : report.facts().values().entrySet()) {
      facts.add(List.of(Words.capital(fact.getKey().replace('_', ' ')), value(fact.getValue())));
    }
    return facts;
  }

  private static String value(Object value) {
    return switch (value) {
      case Double number -> Words.rough(number);
      case Float number -> Words.rough(number);
      case Map<?, ?> map ->
        String.join(", ", map.entrySet().stream().map(e -> e.getKey() + " " + value(e.getValue())).toList());
      case List<?> list -> String.join(", ", list.stream().map(ReportPage::value).toList());
      default -> String.valueOf(value);
    };
  }

  boolean hasModel() {
    return !report.facts().values().isEmpty() || !modelPlots().isEmpty();
  }

  List<People.Person> people() {
    return people;
  }

  String metric() {
    return Words.name(setup.metric(), setup.k());
  }

  List<List<String>> dataFacts() {
    EvaluationReport.DataFacts data = report.data();
    return List.of(List.of("Data", data.name()),
        List.of("Users", String.format(Locale.ROOT, "%,d", data.users())),
        List.of("Items",
            "%,d, of which %,d have text and %,d a picture".formatted(data.items(), data.itemsWithText(),
                data.itemsWithImage())),
        List.of("Interactions",
            "%,d training, %,d validation, %,d test".formatted(data.train(), data.valid(), data.test())),
        List.of("Cold items",
            "%,d items have interactions in the measured part and none in training".formatted(data.coldItems())));
  }

  /** Every plot of the page, for the script that draws them. */
  String specs() {
    List<Plot> all = new ArrayList<>();
    if (hasTests()) {
      all.add(differences());
    }
    all.addAll(byCut());
    all.addAll(slices());
    if (hasBeyond()) {
      all.addAll(beyondPlots());
    }
    all.addAll(modelPlots());
    Map<String, Object> specs = new LinkedHashMap<>();
    all.forEach(plot -> specs.put(plot.id(), plot.spec()));
    return Plot.json(Vega.obj("config", Vega.config(), "plots", specs));
  }

  List<String> scripts() {
    return PlotLibrary.scripts();
  }

  String licence() {
    return PlotLibrary.licence();
  }
}
