package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.Point;
import io.sfumato.privacy.audit.UtilityFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Part 5: what privacy cost. All of it is internal. */
record UtilityPart(UtilityFacts facts) {

  Table models() {
    List<List<String>> rows = new ArrayList<>();
    for (UtilityFacts.Row row : facts.rows()) {
      rows.add(List.of(row.name(), row.epsilon() == null ? "none" : Words.figure(row.epsilon()), decimals(row.value()),
          decimals(row.low()) + " to " + decimals(row.high()), Words.count(row.seeds())));
    }
    return new Table(
        "Mean %s over %s".formatted(facts.metric(), Words.plural(facts.people(), "person", "people")),
        List.of(Table.Column.text("Model"), Table.Column.number("ε"), Table.Column.number(facts.metric()),
            Table.Column.number("95 % interval"), Table.Column.number("Trainings")),
        rows);
  }

  @Nullable
  Bars slices() {
    if (facts.slices().isEmpty()) {
      return null;
    }
    double most = facts.slices().stream().mapToDouble(UtilityFacts.Slice::value).max().orElse(0);
    List<Bars.Bar> bars = new ArrayList<>();
    for (UtilityFacts.Slice slice : facts.slices()) {
      bars.add(
          new Bars.Bar("%s, %s (%s)".formatted(Words.capital(slice.name()), slice.model(), Words.count(slice.count())),
              decimals(slice.value()), most > 0 ? slice.value() / most : 0,
              slice.model().equals("private") ? Tone.CLAIM : slice.model().startsWith("non") ? Tone.BARE : Tone.CHANCE,
              List.of()));
    }
    StringBuilder alt = new StringBuilder();
    for (Bars.Bar bar : bars) {
      alt.append(bar.name()).append(' ').append(bar.value()).append("; ");
    }
    return new Bars("Who pays: %s by slice".formatted(facts.metric()), alt.toString(), bars, List.of(), true);
  }

  @Nullable
  Figure curve() {
    List<Point> points = facts.curve()
        .stream()
        .filter(point -> point.x() > 0 && Double.isFinite(point.x()) && Double.isFinite(point.y()))
        .toList();
    if (points.size() < 2) {
      return null;
    }
    UtilityFacts.Row bare = facts.rows().stream().filter(row -> row.name().startsWith("non")).findFirst().orElse(null);
    double low = points.getFirst().x();
    double high = points.getLast().x();
    double top = points.stream().mapToDouble(Point::y).max().orElse(0);
    List<Chart.Curve> curves = new ArrayList<>();
    if (bare != null) {
      top = Math.max(top, bare.value());
      curves.add(new Chart.Curve("without privacy", Tone.BARE, "dashed",
          List.of(new Point(low, bare.value()), new Point(high, bare.value()))));
    }
    curves.add(new Chart.Curve("with privacy", Tone.CLAIM, "solid", points));
    curves.add(new Chart.Curve("", Tone.CLAIM, "dots", points));
    Chart chart = new Chart(new Chart.Axis("privacy loss ε (smaller protects better)", low, high, true),
        new Chart.Axis(facts.metric(), 0, top > 0 ? top * 1.08 : 1, false), curves, false);
    return Figure.of("utility", "What each ε buys",
        "%s at ε = %s is %s, at ε = %s it is %s%s.".formatted(facts.metric(), Words.figure(low),
            decimals(points.getFirst().y()), Words.figure(high), decimals(points.getLast().y()),
            bare == null ? "" : "; without privacy it is " + decimals(bare.value())),
        "", chart, true);
  }

  /** What share of the metric of the model without privacy is left; "" where it was not measured. */
  String cost() {
    UtilityFacts.Row with = facts.rows().stream().filter(row -> row.name().equals("private")).findFirst().orElse(null);
    UtilityFacts.Row without = facts.rows()
        .stream()
        .filter(row -> row.name().startsWith("non"))
        .findFirst()
        .orElse(null);
    if (with == null || without == null || !(without.value() > 0)) {
      return "";
    }
    return "With privacy the model keeps %d %% of the %s that it would have without."
        .formatted(Math.round(100 * with.value() / without.value()), facts.metric());
  }

  private static String decimals(double value) {
    return String.format(java.util.Locale.ROOT, "%.4f", value);
  }
}
