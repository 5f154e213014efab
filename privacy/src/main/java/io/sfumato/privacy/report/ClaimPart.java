package io.sfumato.privacy.report;

import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Point;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Part 1: what is promised. */
record ClaimPart(ClaimFacts claim, boolean internal) {
  private static final double FLOOR = 1e-12;

  /** The promise in figures. */
  Table figures() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Privacy loss ε", Words.figure(claim.epsilon()) + " (budget " + Words.figure(claim.budget()) + ")",
        "The most that one %s can change the logarithm of the odds; 0 would be perfect.".formatted(unit())));
    rows.add(List.of("Slack δ", Words.figure(claim.delta()) + " (" + Words.oneIn(claim.delta()) + ")",
        "A probability by which ε may be exceeded; it must be far below one over the number of people."));
    if (internal && claim.people() != null) {
      rows.add(List.of("People N, and δ·N",
          Words.count(claim.people()) + ", " + Words.figure(claim.delta() * claim.people())
              + " (internal, not private)",
          claim.delta() * claim.people() < 1
              ? "Below 1, as it must be: even the worst mechanism with this δ exposes fewer than one person on average."
              : "Not below 1: a mechanism that publishes somebody's data outright could keep such a promise."));
    }
    rows.add(List.of("Protected unit", Words.capital(unit()), claim.unit() == PrivacyUnit.USER
        ? "All that one person contributed, %s at most, counts as one."
            .formatted(Words.plural(claim.maxPerUser(), "interaction", "interactions"))
        : "Each single interaction, pair or row; a person with several is protected less: at most %d of theirs count, and their ε add up."
            .formatted(claim.maxPerUser())));
    rows.add(List.of("Compared worlds", claim.neighbouring() == Neighbouring.ADD_REMOVE ? "Add or remove" : "Replace",
        claim.neighbouring() == Neighbouring.ADD_REMOVE ? "The data with and without one %s.".formatted(unit())
            : "The data with one %s, and with another in its place.".formatted(unit())));
    rows.add(
        List.of("ε, one %s more or less".formatted(unit()), Words.figure(claim.addRemoveEpsilon()), "At the same δ."));
    rows.add(List.of("ε, one %s exchanged".formatted(unit()), Words.figure(claim.replaceEpsilon()),
        "At the same δ; an exchange is a removal and an addition."));
    return new Table("The claim in figures",
        List.of(Table.Column.text("What"), Table.Column.text("How much"), Table.Column.text("Which means")), rows);
  }

  /** {@code person} or {@code record}. */
  String unit() {
    return Words.unit(claim.unit());
  }

  /** δ against ε; null where the curve has no two points that can be drawn. */
  @Nullable
  Figure curve() {
    List<Point> points = claim.curve()
        .stream()
        .filter(point -> Double.isFinite(point.x()) && point.y() >= FLOOR && point.y() <= 1)
        .toList();
    if (points.size() < 2 || points.getLast().x() <= points.getFirst().x()) {
      return null;
    }
    double low = Math.max(FLOOR, Math.min(points.getLast().y(), claim.delta() / 10));
    double high = Math.max(points.getFirst().y(), claim.delta() * 10);
    Chart chart = new Chart(
        new Chart.Axis("privacy loss ε", 0, Math.max(points.getLast().x(), claim.epsilon() * 1.05), false),
        new Chart.Axis("slack δ", low, Math.min(1, high), true),
        List.of(new Chart.Curve("what holds", Tone.CLAIM, "solid", points), new Chart.Curve(
            "what is claimed: ε = %s at δ = %s".formatted(Words.figure(claim.epsilon()), Words.figure(claim.delta())),
            Tone.ATTACK, "dots", List.of(new Point(claim.epsilon(), claim.delta())))),
        false);
    return Figure.of("curve", "Every pair of ε and δ that holds",
        "A falling curve: at ε = %s, δ is %s; at ε = %s it is %s. The claim, ε = %s at δ = %s, is marked.".formatted(
            Words.figure(points.getFirst().x()), Words.figure(points.getFirst().y()),
            Words.figure(points.getLast().x()),
            Words.figure(points.getLast().y()), Words.figure(claim.epsilon()), Words.figure(claim.delta())),
        "The model keeps all of these promises at once; one point of them is the one that is quoted.", chart, false);
  }

  /** What the claim means and what not. */
  String means() {
    return "Whatever anybody could see of what is released becomes at most e^ε = %s times likelier, or less likely, through any one %s, give or take a probability of %s. No attack, no side knowledge and no later computation changes that."
        .formatted(Words.figure(Math.exp(claim.epsilon())), unit(), Words.oneIn(claim.delta()));
  }

  /** How the size of ε is commonly read. */
  String reading() {
    String tier = claim.epsilon() <= 1 ? "a strong guarantee"
        : claim.epsilon() <= 10 ? "a reasonable one" : "little or none";
    return "Ponomareva et al. (“How to DP-fy ML”, 2023) call ε ≤ 1 a strong formal guarantee, ε ≤ 10 a reasonable one, and anything above little or none; this claim is %s by that reading."
        .formatted(tier);
  }
}
