package io.sfumato.privacy.report;

import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.MembershipEvidence;
import io.sfumato.privacy.audit.Point;
import io.sfumato.privacy.audit.PrivacyAudit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Part 6: what attacks found out. */
record EvidencePart(Evidence evidence, @Nullable ClaimFacts claim, boolean internal) {

  private static final double LOWEST = 1e-4;
  private static final String CANARY = "canary";

  boolean hasCanaries() {
    return !evidence.canaries().isEmpty();
  }

  boolean hasMemberships() {
    return !evidence.memberships().isEmpty();
  }

  /** Of 100 guesses, how many were right, could be right, and would be right without protection; null where nothing was guessed and nothing is claimed. */
  @Nullable
  Bars guesses() {
    CanaryEvidence strongest = Strongest.canaries(evidence);
    if (strongest == null && claim == null) {
      return null;
    }
    List<Bars.Bar> bars = new ArrayList<>();
    bars.add(guess("Tossing a coin", 0.5, Tone.CHANCE));
    if (strongest != null) {
      bars.add(guess("The strongest attack on this model", Guessing.right(strongest.run()), Tone.ATTACK));
    }
    if (claim != null) {
      bars.add(guess("The most that the promise allows", Guessing.rightAtMost(Guessing.testable(claim), claim.delta()),
          Tone.CLAIM));
    }
    CanaryEvidence.Run twin = strongest == null ? null : strongest.selfTest();
    if (twin != null) {
      bars.add(guess("The same attack, had nothing been protected", Guessing.right(twin), Tone.BARE));
    }
    StringBuilder alt = new StringBuilder("Right guesses of 100: ");
    for (Bars.Bar bar : bars) {
      alt.append(bar.name()).append(' ').append(bar.value()).append("; ");
    }
    return new Bars("Who was in the training data? Right guesses of 100", alt.toString(), bars, List.of(), false);
  }

  private static Bars.Bar guess(String name, double share, Tone tone) {
    String value = share >= 0.995 && share < 1 ? "> 99" : Long.toString(Math.round(100 * share));
    return new Bars.Bar(name, value, share, tone, List.of(new Bars.Mark("chance", "", 0.5)));
  }

  /** What attacks on canaries showed, against the claim and what they could have shown. */
  Bars bounds() {
    double most = claim == null ? 0 : Guessing.testable(claim);
    for (CanaryEvidence attack : evidence.canaries()) {
      most = Math.max(most, attack.run().ceiling());
    }
    double scale = most > 0 && Double.isFinite(most) ? most * 1.06 : 1;
    List<Bars.Bar> bars = new ArrayList<>();
    for (CanaryEvidence attack : evidence.canaries()) {
      bars.add(bound(Words.capital(attack.attack()) + " attack on this model", attack.run(), scale, Tone.ATTACK));
      if (attack.selfTest() != null) {
        bars.add(bound(Words.capital(attack.attack()) + " attack, noise off", attack.selfTest(), scale, Tone.BARE));
      }
    }
    StringBuilder alt = new StringBuilder();
    for (Bars.Bar bar : bars) {
      alt.append(bar.name()).append(": ").append(bar.value()).append("; ");
    }
    List<Bars.Mark> marks = new ArrayList<>();
    if (claim != null) {
      marks.add(new Bars.Mark("claim", "what is claimed, ε = " + Words.figure(Guessing.testable(claim)), 0));
    }
    marks.add(new Bars.Mark("ceiling", "the most that this attack could have shown", 0));
    return new Bars("Lower bounds on ε that attacks proved", alt.toString(), bars, marks, false);
  }

  private Bars.Bar bound(String name, CanaryEvidence.Run run, double scale, Tone tone) {
    List<Bars.Mark> marks = new ArrayList<>();
    marks.add(new Bars.Mark("ceiling", "", run.ceiling() / scale));
    if (claim != null) {
      marks.add(new Bars.Mark("claim", "", Guessing.testable(claim) / scale));
    }
    return new Bars.Bar(name, "ε ≥ " + Words.figure(run.epsilonLower()), run.epsilonLower() / scale, tone, marks);
  }

  Table canaries() {
    List<List<String>> rows = new ArrayList<>();
    for (CanaryEvidence attack : evidence.canaries()) {
      rows.add(row(Words.capital(attack.attack()), attack.run()));
      if (attack.selfTest() != null) {
        rows.add(row(Words.capital(attack.attack()) + ", noise off", attack.selfTest()));
      }
    }
    CanaryEvidence.Run first = evidence.canaries().getFirst().run();
    return new Table(
        "Guesses about canaries and what they prove at %s and δ = %s".formatted(Words.percent(first.confidence()),
            Words.figure(first.delta())),
        List.of(Table.Column.text("Attack"), Table.Column.number("Canaries"), Table.Column.number("Guesses"),
            Table.Column.number("Right"), Table.Column.number("ε at least"),
            Table.Column.number("ε at least, if Gaussian"), Table.Column.number("Ceiling")),
        rows);
  }

  private static List<String> row(String name, CanaryEvidence.Run run) {
    return List.of(name, Words.count(run.canaries()), Words.count(run.guesses()), Words.count(run.right()),
        Words.figure(run.epsilonLower()), Words.figure(run.epsilonLowerGaussian()), Words.figure(run.ceiling()));
  }

  /** What the audit could not have refuted, said of each attack. */
  List<String> ceilings() {
    List<String> said = new ArrayList<>();
    for (CanaryEvidence attack : evidence.canaries()) {
      said.add("%s: could not have refuted a claim above ε = %s%s.".formatted(Words.capital(attack.attack()),
          Words.figure(attack.run().ceiling()), tested(attack.selfTest())));
    }
    return said;
  }

  private static String tested(CanaryEvidence.@Nullable Run twin) {
    if (twin == null) {
      return "; its self-test was not run";
    }
    boolean strong = twin.ceiling() > 0 && twin.epsilonLower() >= PrivacyAudit.STRONG_SHARE * twin.ceiling();
    return "; with the noise off it proved ε ≥ %s of %s, where %s is asked: %s".formatted(
        Words.figure(twin.epsilonLower()), Words.figure(twin.ceiling()), Words.percent(PrivacyAudit.STRONG_SHARE),
        strong ? "strong enough" : "too weak to say anything");
  }

  Table memberships() {
    return areas("Attacks on real people and records", evidence.memberships(), internal);
  }

  /** How well attacks rank canaries, which are nobody's data; null where they were not ranked. */
  @Nullable
  Table rankings() {
    List<MembershipEvidence> rankings = ranked();
    return rankings.isEmpty() ? null : areas("How well the scores of canaries tell those that were in", rankings, true);
  }

  private List<MembershipEvidence> ranked() {
    return evidence.canaries().stream().flatMap(attack -> Stream.ofNullable(attack.ranking())).toList();
  }

  /** @param counted whether to tell how many units there were, and all decimals */
  private Table areas(String caption, List<MembershipEvidence> attacks, boolean counted) {
    boolean tagged = attacks.stream().anyMatch(attack -> !attack.unit().equals(CANARY));
    List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.text("Attack")));
    if (counted) {
      columns.add(new Table.Column(tagged ? "Trained on" : "Were in", true, tagged));
      columns.add(new Table.Column(tagged ? "Kept out" : "Were not", true, tagged));
    }
    columns.add(new Table.Column("AUC", true, tagged && internal));
    columns.add(new Table.Column("Limits, each at " + Words.percent(attacks.getFirst().confidence()), true,
        tagged && internal));
    columns.add(Table.Column.number("Allowed AUC"));
    List<List<String>> rows = new ArrayList<>();
    for (MembershipEvidence attack : attacks) {
      List<String> row = new ArrayList<>(List.of(name(attack)));
      if (counted) {
        row.add(Words.count(attack.members()));
        row.add(Words.count(attack.others()));
      }
      row.add(area(attack.auc(), counted));
      row.add(area(attack.aucLow(), counted) + " to " + area(attack.aucHigh(), counted));
      row.add(allowedAuc(attack.unit()));
      rows.add(row);
    }
    return new Table(caption, columns, rows);
  }

  /** The area that the claim allows attacks on this unit. */
  private String allowedAuc(String unit) {
    Double allowed = Strongest.allowedAuc(evidence, claim, unit);
    if (allowed != null) {
      return Words.share(allowed);
    }
    return claim == null ? "any"
        : claim.unit() == PrivacyUnit.USER ? "more than " + Words.share(evidence.allowedAuc())
            : "not bounded";
  }

  private static String area(double auc, boolean exact) {
    return exact ? Words.share(auc) : String.format(java.util.Locale.ROOT, "%.2f", auc);
  }

  private static String name(MembershipEvidence attack) {
    return Words.capital(attack.attack()) + (attack.unit().equals(CANARY) ? "" : ", by " + attack.unit());
  }

  /** True positive rates at low false positive rates; null where there were too few units to tell. */
  @Nullable
  Table points() {
    List<List<String>> rows = new ArrayList<>();
    for (MembershipEvidence attack : evidence.memberships()) {
      for (MembershipEvidence.OperatingPoint point : attack.points()) {
        rows.add(List.of(name(attack), Words.figure(point.fpr()), Words.figure(point.tpr()),
            Words.figure(point.low()) + " to " + Words.figure(point.high()), allowed(attack.unit(), point.fpr())));
      }
    }
    return rows.isEmpty() ? null
        : new Table("How many are found while few are falsely accused",
            List.of(Table.Column.text("Attack"), new Table.Column("False positive rate", true, true),
                new Table.Column("True positive rate", true, true), new Table.Column("95 % interval", true, true),
                Table.Column.number("The claim allows")),
            rows);
  }

  /** The rate that the claim allows; between two points of the curve that of the right one, which is no less. */
  private String allowed(String unit, double fpr) {
    if (claim == null || evidence.allowed().isEmpty()) {
      return "any";
    }
    if (!Strongest.bounded(evidence, claim, unit)) {
      return Words.NONE;
    }
    for (Point point : evidence.allowed()) {
      if (point.x() >= fpr * (1 - 1e-9)) {
        return Words.figure(point.y());
      }
    }
    return "1";
  }

  /** A ROC plot a kind of unit. */
  List<Figure> rocs() {
    List<Figure> figures = new ArrayList<>();
    for (String unit : List.of("user", "record")) {
      List<MembershipEvidence> attacks = evidence.memberships()
          .stream()
          .filter(attack -> attack.unit().equals(unit) && attack.roc().size() > 1)
          .toList();
      if (!attacks.isEmpty()) {
        figures.add(roc("roc-" + unit, unit.equals("user") ? "Telling people who were trained on from others"
            : "Telling records that were trained on from others", attacks, true));
      }
    }
    return figures;
  }

  /** A ROC plot of attacks on canaries; null where they were not ranked. */
  @Nullable
  Figure ranking() {
    List<MembershipEvidence> attacks = ranked().stream().filter(attack -> attack.roc().size() > 1).toList();
    return attacks.isEmpty() ? null
        : roc("roc-canary", "Telling canaries that were in from those that were not", attacks, false);
  }

  private Figure roc(String id, String title, List<MembershipEvidence> attacks, boolean tagged) {
    String unit = attacks.getFirst().unit();
    double low = attacks.stream().mapToInt(MembershipEvidence::others).max().orElse(0);
    low = Math.max(LOWEST, low > 10 ? Math.pow(10, Math.floor(-Math.log10(low))) : 0.1);
    List<Chart.Curve> curves = new ArrayList<>();
    List<Point> chance = List.of(new Point(low, low), new Point(1, 1));
    curves.add(new Chart.Curve("blind guessing", Tone.CHANCE, "dotted", chance));
    boolean bounded = Strongest.bounded(evidence, claim, unit);
    if (bounded) {
      curves
          .add(new Chart.Curve("the most that the claim allows", Tone.CLAIM, "dashed", from(low, evidence.allowed())));
    }
    StringBuilder alt = new StringBuilder("True against false positive rate on logarithmic axes.");
    for (int i = 0; i < attacks.size(); i++) {
      MembershipEvidence attack = attacks.get(i);
      curves.add(new Chart.Curve(attack.attack(), i % 2 == 0 ? Tone.ATTACK : Tone.OTHER, i < 2 ? "solid" : "dashed",
          from(low, attack.roc())));
      alt.append(" %s: AUC %s.".formatted(Words.capital(attack.attack()), Words.share(attack.auc())));
    }
    if (bounded) {
      alt.append(" The claim allows an AUC of %s.".formatted(Words.share(evidence.allowedAuc())));
    }
    Chart chart = new Chart(new Chart.Axis("false positive rate", low, 1, true),
        new Chart.Axis("true positive rate", low, 1, true), curves, false);
    return Figure.of(id, title, alt.toString(),
        bounded
            ? "An attack is no threat where its curve stays by the dotted line, and contradicts the claim where it is surely above the dashed one."
            : "An attack is no threat where its curve stays by the dotted line. The claim is about whole units, so that its curve is no bound here.",
        chart, tagged);
  }

  private static List<Point> from(double low, List<Point> points) {
    return points.stream().filter(point -> point.x() >= low * (1 - 1e-9) && point.y() > 0).toList();
  }
}
