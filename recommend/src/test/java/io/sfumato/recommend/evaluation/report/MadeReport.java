package io.sfumato.recommend.evaluation.report;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.MemoryImage;
import io.sfumato.recommend.evaluation.BeyondAccuracy;
import io.sfumato.recommend.evaluation.EvaluationReport;
import io.sfumato.recommend.evaluation.EvaluationReport.DataFacts;
import io.sfumato.recommend.evaluation.EvaluationReport.Example;
import io.sfumato.recommend.evaluation.EvaluationReport.Ranked;
import io.sfumato.recommend.evaluation.EvaluationReport.Setup;
import io.sfumato.recommend.evaluation.Interval;
import io.sfumato.recommend.evaluation.Metric;
import io.sfumato.recommend.evaluation.ModelFacts;
import io.sfumato.recommend.evaluation.ModelFacts.Curve;
import io.sfumato.recommend.evaluation.ModelFacts.Point;
import io.sfumato.recommend.evaluation.ModelFacts.Series;
import io.sfumato.recommend.evaluation.PairedTest;
import io.sfumato.recommend.evaluation.Protocol;
import io.sfumato.recommend.evaluation.SystemReport;
import io.sfumato.recommend.evaluation.SystemReport.Figure;
import io.sfumato.recommend.evaluation.SystemReport.Slice;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** A made report: seven systems whose figures are given by a few numbers, two people, pictures. */
final class MadeReport {
  static final List<String> NAMES = List.of("sfumato", "fused", "ease", "itemknn", "bpr", "content-ridge", "popular",
      "a-system-with-quite-a-long-name <b>&amp;");
  private static final double[] NDCG = {0.2951, 0.2114, 0.2803, 0.2512, 0.2209, 0.1411, 0.1102, 0.0123};
  static final List<Integer> CUTS = List.of(5, 10, 20, 50);

  private MadeReport() {}

  /** Items with coloured pictures, every tenth without; one of them is no picture at all. */
  static Catalog catalog() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      MemoryImage image = i == 3 ? new MemoryImage("broken.png", new byte[]{1, 2, 3})
          : i % 10 == 9 ? null : new MemoryImage(i + ".png", picture(i));
      items.add(new Item("i" + i, i == 4 ? "" : "Film <i>number</i> " + i + " with a title that is long", "", Map.of(),
          image));
    }
    return Catalog.of(items);
  }

  private static byte[] picture(int i) {
    BufferedImage image = new BufferedImage(90, 120, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.getHSBColor(i / 40f, 0.6f, 0.8f));
    graphics.fillRect(0, 0, 90, 120);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static EvaluationReport report() {
    return report("sfumato", NAMES);
  }

  static EvaluationReport report(String subject, List<String> names) {
    Setup setup = new Setup(Protocol.FULL, "test", "all", CUTS, 20, Metric.NDCG, List.of(Metric.values()), subject,
        3447, 671, 1, 0.95, 2000, 10_000);
    DataFacts data = new DataFacts("films", "random", 671, 3447, 71_000, 9_000, 9_745, 3_440, 3_100, 41,
        shares(0.2, 0.6, 0.2));
    return new EvaluationReport(setup, data, names.stream().map(MadeReport::system).toList(),
        subject.isEmpty() ? List.of() : tests(subject, names), examples(), facts(),
        Map.of("sfumato", "0.1.0", "java", "25"));
  }

  static double ndcg(String name) {
    return NDCG[NAMES.indexOf(name)];
  }

  private static SystemReport system(String name) {
    Map<Metric, List<Figure>> figures = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      List<Figure> byCut = new ArrayList<>();
      for (int k : CUTS) {
        double mean = Math.min(1, ndcg(name) * (0.7 + 0.1 * Math.log(k)) * (1 + 0.02 * metric.key().length()));
        mean = metric == Metric.NDCG && k == 20 ? ndcg(name) : mean;
        byCut.add(new Figure(k, mean, new Interval(0.95 * mean, 1.05 * mean), List.of(mean), 0));
      }
      figures.put(metric, byCut);
    }
    List<BeyondAccuracy> beyond = CUTS.stream().map(k -> beyond(name, k)).toList();
    return new SystemReport(name, name.equals("ease") ? "a linear item-item model" : "", figures, beyond, slices(name));
  }

  private static BeyondAccuracy beyond(String name, int k) {
    double bias = name.equals("popular") ? 1 : 1 - 2 * ndcg(name);
    List<Double> lorenz = IntStream.rangeClosed(0, 20).mapToObj(i -> Math.pow(i / 20.0, 2 + 8 * bias)).toList();
    return new BeyondAccuracy(k, 1 - bias, bias, 12 * (1 - bias), 2 + 4 * (1 - bias), OptionalDouble.of(0.4),
        OptionalDouble.empty(), 140 * bias, OptionalDouble.of(bias), shares(bias, (1 - bias) * 0.8, (1 - bias) * 0.2),
        lorenz);
  }

  private static Map<String, Double> shares(double head, double mid, double tail) {
    Map<String, Double> shares = new LinkedHashMap<>();
    shares.put("head", head);
    shares.put("mid", mid);
    shares.put("tail", tail);
    return shares;
  }

  private static List<Slice> slices(String name) {
    double n = ndcg(name);
    return List.of(slice("item popularity", "head", 640, n * 1.3), slice("item popularity", "mid", 610, n * 0.8),
        slice("item popularity", "tail", 431, name.equals("content-ridge") ? 0.09 : n * 0.2),
        slice("history", "1–20 items", 170, n * 0.7), slice("history", "21–80 items", 330, n),
        slice("history", "81 items and more", 171, n * 1.2), slice("items", "cold", 4, 0),
        slice("items", "warm", 671, n));
  }

  private static Slice slice(String group, String name, int users, double ndcg) {
    Map<Metric, List<Double>> means = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      means.put(metric, CUTS.stream().map(k -> ndcg).toList());
    }
    return new Slice(group, name, users, means);
  }

  private static List<PairedTest> tests(String subject, List<String> names) {
    List<PairedTest> tests = new ArrayList<>();
    for (String other : names) {
      if (!other.equals(subject)) {
        double difference = ndcg(subject) - ndcg(other);
        double p = Math.abs(difference) < 0.02 ? 0.0301 : 0.0001;
        tests.add(new PairedTest(subject, other, Metric.NDCG, 20, difference,
            new Interval(difference - 0.012, difference + 0.012), p, Math.min(1, p * 3)));
      }
    }
    return tests;
  }

  private static List<Example> examples() {
    List<String> history = IntStream.range(0, 12).mapToObj(i -> "i" + i).toList();
    List<Ranked> list = IntStream.range(12, 32).mapToObj(i -> new Ranked("i" + i, i % 4 == 0)).toList();
    return List.of(
        new Example("u-1", "lower quartile of ndcg@20", 0.101, history, list, List.of("i33", "i34", "gone"), 8),
        new Example("u-2", "median of ndcg@20", 0.288, history, list, List.of(), 5));
  }

  private static ModelFacts facts() {
    List<Point> sweep = IntStream.rangeClosed(0, 10)
        .mapToObj(i -> new Point(i / 10.0, 0.19 - 0.1 * (i / 10.0 - 0.3) * (i / 10.0 - 0.3)))
        .toList();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("fusion_weights", Map.of("text", 0.68));
    values.put("image_weight", 0.32);
    return new ModelFacts(values,
        List.of(new Curve("Sweep of the fusion weight a", "a, weight of the picture", "NDCG@20",
            List.of(new Series("(1−a)·text + a·image", sweep),
                new Series("learned", List.of(new Point(0.32, 0.1901)))))));
  }
}
