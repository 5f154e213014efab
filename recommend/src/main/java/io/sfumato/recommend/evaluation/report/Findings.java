package io.sfumato.recommend.evaluation.report;

import io.sfumato.recommend.evaluation.BeyondAccuracy;
import io.sfumato.recommend.evaluation.EvaluationReport;
import io.sfumato.recommend.evaluation.PairedTest;
import io.sfumato.recommend.evaluation.PopularityBands;
import io.sfumato.recommend.evaluation.SystemReport;
import io.sfumato.recommend.evaluation.SystemReport.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the figures say, in sentences that are computed from them: who is best and how sure that is, and where the subject is weak. */
public final class Findings {
  private static final double SURE = 0.01;
  private static final int FEWEST_USERS = 10;
  private static final int WEAKEST = 3;

  private final EvaluationReport report;
  private final EvaluationReport.Setup setup;

  /** The findings of a report. */
  public Findings(EvaluationReport report) {
    this.report = report;
    this.setup = report.setup();
  }

  /** Names of the systems by the metric of the report, the best first. */
  public List<String> bestFirst() {
    return report.systems()
        .stream()
        .sorted(Comparator.comparingDouble((SystemReport s) -> -value(s)))
        .map(SystemReport::name)
        .toList();
  }

  /** Who is best, by how much, and how sure that is. */
  public List<String> verdict() {
    String metric = Words.name(setup.metric(), setup.k());
    List<String> order = bestFirst();
    if (order.isEmpty()) {
      return List.of();
    }
    String best = order.getFirst();
    List<String> sentences = new ArrayList<>();
    if (!order.contains(setup.subject())) {
      sentences.add("%s has the best %s of %s, %s.".formatted(best, metric, Words.plural(order.size(), "system"),
          Words.figure(value(report.system(best)))));
      return sentences;
    }
    double own = value(report.system(setup.subject()));
    if (order.size() == 1) {
      sentences
          .add("%s has %s %s; nothing was measured beside it.".formatted(setup.subject(), metric, Words.figure(own)));
      return sentences;
    }
    if (best.equals(setup.subject())) {
      double second = value(report.system(order.get(1)));
      sentences.add("%s has the best %s of %s, %s; the next is %s with %s%s.".formatted(best, metric,
          Words.plural(order.size(), "system"), Words.figure(own), order.get(1), Words.figure(second),
          second > 0 ? " (" + Words.change(own / second - 1) + ")" : ""));
    } else {
      sentences.add("%s is number %d of %d by %s, %s; the best is %s with %s.".formatted(setup.subject(),
          order.indexOf(setup.subject()) + 1, order.size(), metric, Words.figure(own), best,
          Words.figure(value(report.system(best)))));
    }
    sentences.addAll(certainty());
    return sentences;
  }

  private List<String> certainty() {
    List<PairedTest> tests = AccuracyPlots.tests(report);
    List<String> unsure = names(tests, test -> test.holm() >= SURE);
    List<String> worse = names(tests, test -> test.holm() < SURE && test.difference() < 0);
    long better = tests.stream().filter(test -> test.holm() < SURE && test.difference() > 0).count();
    List<String> sentences = new ArrayList<>();
    if (!tests.isEmpty() && better == tests.size()) {
      sentences.add(tests.size() == 1 ? "The difference holds at p < 0.01."
          : "It beats each of the %d others at p < 0.01 (two-sided paired randomisation over users, Holm over all)."
              .formatted(tests.size()));
    } else if (better > 0) {
      sentences
          .add("It beats %d of the %d others at p < 0.01 (two-sided paired randomisation over users, Holm over all)."
              .formatted(better, tests.size()));
    }
    if (!worse.isEmpty()) {
      sentences.add("It is worse than %s at p < 0.01.".formatted(Words.list(worse)));
    }
    if (!unsure.isEmpty()) {
      sentences.add("Between it and %s these users do not decide.".formatted(Words.list(unsure)));
    }
    return sentences;
  }

  private static List<String> names(List<PairedTest> tests, Predicate<PairedTest> which) {
    return tests.stream().filter(which).map(PairedTest::other).toList();
  }

  /** Where the subject is weak: its worst slices, and those in which another system is ahead. */
  public List<String> weaknesses() {
    SystemReport subject = subject();
    if (subject == null || subject.slices().isEmpty()) {
      return List.of();
    }
    String metric = Words.name(setup.metric(), setup.k());
    double mean = value(subject);
    List<Slice> large = subject.slices().stream().filter(slice -> slice.users() >= FEWEST_USERS).toList();
    List<String> sentences = new ArrayList<>();
    large.stream()
        .filter(slice -> of(slice) < mean)
        .sorted(Comparator.comparingDouble(this::of))
        .limit(WEAKEST)
        .forEach(slice -> sentences.add("%s, %s: %s %s over %s, %s of its mean over all%s.".formatted(
            Words.capital(slice.group()), slice.name(), metric, Words.figure(of(slice)),
            Words.plural(slice.users(), "user"), Words.percent(of(slice) / mean), rival(slice))));
    List<String> behind = new ArrayList<>();
    for (Slice slice : large) {
      if (!ahead(slice).equals(setup.subject())) {
        behind.add("%s in %s (%s against %s)".formatted(ahead(slice), slice.group() + ": " + slice.name(),
            Words.figure(valueIn(ahead(slice), slice)), Words.figure(of(slice))));
      }
    }
    sentences.add(behind.isEmpty()
        ? "In none of the %d slices of %d users or more is another system ahead.".formatted(large.size(), FEWEST_USERS)
        : "Ahead of it in a slice: %s. Not tested for chance.".formatted(Words.list(behind)));
    return sentences;
  }

  /** What its lists are like, beside what people took. */
  public List<String> variety() {
    SystemReport subject = subject();
    if (subject == null) {
      return List.of();
    }
    List<String> sentences = new ArrayList<>();
    for (BeyondAccuracy b : subject.beyond()) {
      if (b.k() == setup.k()) {
        sentences.add("%s shows %s of the items to somebody in the first %d places.".formatted(setup.subject(),
            Words.percent(b.coverage()), setup.k()));
        String tail = PopularityBands.NAMES.getLast();
        sentences.add("%s of what it shows is from the long tail, which is %s of what people took%s.".formatted(
            Words.percent(b.shares().getOrDefault(tail, 0.0)),
            Words.percent(report.data().popularityShares().getOrDefault(tail, 0.0)),
            b.popularityLift().isPresent()
                ? "; its lists are %s %s popular than people's histories".formatted(
                    Words.percent(Math.abs(b.popularityLift().getAsDouble())),
                    b.popularityLift().getAsDouble() >= 0 ? "more" : "less")
                : ""));
      }
    }
    return sentences;
  }

  private String rival(Slice slice) {
    String ahead = ahead(slice);
    return ahead.equals(setup.subject()) ? ", still the best of all systems"
        : "; %s has %s there".formatted(ahead, Words.figure(valueIn(ahead, slice)));
  }

  /** The best system in a slice; the subject where it is as good as any. */
  private String ahead(Slice slice) {
    String best = setup.subject();
    for (SystemReport system : report.systems()) {
      if (valueIn(system.name(), slice) > valueIn(best, slice)) {
        best = system.name();
      }
    }
    return best;
  }

  private double valueIn(String system, Slice slice) {
    return report.system(system)
        .slices()
        .stream()
        .filter(other -> other.group().equals(slice.group()) && other.name().equals(slice.name()))
        .mapToDouble(this::of)
        .findFirst()
        .orElse(Double.NEGATIVE_INFINITY);
  }

  private double of(Slice slice) {
    return AccuracyPlots.value(setup, slice);
  }

  private double value(SystemReport system) {
    return system.figure(setup.metric(), setup.k()).mean();
  }

  private @Nullable SystemReport subject() {
    return report.systems().stream().filter(system -> system.name().equals(setup.subject())).findFirst().orElse(null);
  }
}
