package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.AccountingFacts;
import io.sfumato.privacy.audit.Point;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Part 3: what was spent. */
record AccountingPart(AccountingFacts facts, double budget) {

  Table figures() {
    return new Table("ε of all releases together, at δ = " + Words.figure(facts.spend().delta()),
        List.of(Table.Column.text("Reckoned"), Table.Column.number("ε"), Table.Column.text("What it is for")),
        List.of(
            List.of("By privacy loss distributions", Words.figure(facts.spend().pldEpsilon()),
                "The figure that is claimed: composed numerically, every rounding upwards."),
            List.of("By Rényi divergences", Words.figure(facts.spend().rdp().epsilon()),
                "A second accountant that shares no formula with the first; it may be looser, never much smaller. Best order α = %s%s."
                    .formatted(Words.figure(facts.spend().rdp().alpha()),
                        facts.spend().rdp().atEdge() ? ", at the edge of those tried: a wider range might give less"
                            : "")),
            List.of("Without amplification by sampling", Words.figure(facts.spend().unamplifiedEpsilon()),
                "What would be left if the draw of units were known, or were not the one that is accounted.")));
  }

  Table ledger() {
    return new Table("The ledger", List.of(Table.Column.text("What"), Table.Column.text("Found")),
        List.of(List.of("Whole", facts.check().intact() ? "yes" : "no"),
            List.of("Signed", facts.check().signed() ? "yes" : "no"),
            List.of("Which is worth", facts.check().message()), List.of("Hash of the last entry", facts.ledgerHead())));
  }

  /** ε against steps; null where there are no two points. */
  @Nullable
  Figure growth() {
    List<Point> points = facts.growth().stream().filter(point -> Double.isFinite(point.y())).toList();
    if (points.size() < 2 || points.getLast().x() <= points.getFirst().x()) {
      return null;
    }
    double top = Math.max(points.getLast().y(), Double.isFinite(budget) ? budget : 0);
    double end = points.getLast().x();
    Chart chart = new Chart(new Chart.Axis("noisy releases so far (steps)", 0, end, false),
        new Chart.Axis("ε so far", 0, top > 0 ? top * 1.05 : 1, false),
        List.of(
            new Chart.Curve("budget: ε = " + Words.figure(budget), Tone.OTHER, "dashed",
                List.of(new Point(0, budget), new Point(end, budget))),
            new Chart.Curve("spent", Tone.CLAIM, "solid", points)),
        false);
    return Figure.of("growth", "How ε grew with each release",
        "A rising line from 0 to ε = %s after %s releases; the budget is %s.".formatted(
            Words.figure(points.getLast().y()), Words.figure(end), Words.figure(budget)),
        "Everything that was ever released counts, across restarts and updates; nothing that was spent comes back.",
        chart, false);
  }
}
