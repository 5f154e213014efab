package io.sfumato.privacy.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The part of an audit that looks at planted canaries. */
final class CanaryAudit {
  private final PrivacyAudit.Builder options;
  private final AuditSubject subject;
  private final SplittableRandom random;

  CanaryAudit(PrivacyAudit.Builder options, AuditSubject subject, SplittableRandom random) {
    this.options = options;
    this.subject = subject;
    this.random = random;
  }

  /** Attacks the canaries; adds what it finds, and what it could not find for want of evidence. */
  List<CanaryEvidence> run(List<Finding> findings, List<String> missing) {
    options.listener.start("canaries", options.runs);
    List<CanaryScores> released = subject.canaries();
    options.listener.advance(1, "");
    if (released.isEmpty()) {
      missing.add(
          "No canaries were planted, so there is no lower bound on epsilon: train with --canaries 1000 --secret S, then audit with the same --secret.");
      return List.of();
    }
    List<List<CanaryScores>> runs = runs(released);
    // What the tests can find is told before anybody looks at a coin.
    double confidence = 1 - (1 - options.confidence) / released.size();
    List<CanaryTest> tests = new ArrayList<>();
    for (int attack = 0; attack < released.size(); attack++) {
      CanaryTest test = CanaryTest.of(options.claim, options.delta, confidence, guesses(runs, attack));
      options.listener.say(released.get(attack).attack() + ": " + test.limits());
      tests.add(test);
    }
    List<CanaryScores> twin = twin(released);
    List<CanaryEvidence> evidence = new ArrayList<>();
    for (int attack = 0; attack < released.size(); attack++) {
      CanaryScores scores = released.get(attack);
      CanaryEvidence.Run run = tests.get(attack).run(right(runs, attack));
      CanaryEvidence.Run selfTest = twin.isEmpty() ? null : selfTest(twin.get(attack), confidence);
      MembershipEvidence ranking = ranking(scores, confidence);
      CanaryEvidence one = new CanaryEvidence(scores.attack(), method(scores, runs.size()), run, selfTest, ranking);
      evidence.add(one);
      findings.addAll(tests.get(attack).findings(one));
      if (options.claim != null && ranking != null) {
        findings.addAll(AllowedRoc.findings(AllowedRoc.ofCanaries(options.claim), ranking));
      }
    }
    return evidence;
  }

  /** The released model's, and those of trainings like it. */
  private List<List<CanaryScores>> runs(List<CanaryScores> released) {
    List<List<CanaryScores>> runs = new ArrayList<>(List.of(released));
    while (runs.size() < options.runs) {
      List<CanaryScores> again = subject.canariesAgain(random.nextLong());
      if (again.isEmpty()) {
        options.listener.say("The subject cannot be trained again: the audit looks at %d of %d runs."
            .formatted(runs.size(), options.runs));
        break;
      }
      runs.add(sameAttacks(released, again));
      options.listener.advance(1, "");
    }
    return runs;
  }

  private List<CanaryScores> twin(List<CanaryScores> released) {
    if (!options.selfTest || options.claim == null) {
      return List.of(); // what claims nothing has no noise to turn off
    }
    options.listener.start("self-test: a twin without noise", 1);
    List<CanaryScores> twin = sameAttacks(released, subject.canariesWithoutNoise(random.nextLong()));
    options.listener.advance(1, "");
    return twin;
  }

  private static List<CanaryScores> sameAttacks(List<CanaryScores> released, List<CanaryScores> other) {
    for (int attack = 0; attack < released.size(); attack++) {
      String expected = released.get(attack).attack();
      String found = attack < other.size() ? other.get(attack).attack() : "none";
      if (!found.equals(expected)) {
        throw new IllegalStateException(
            "a twin must be attacked as the released model was, by %s, but was by %s".formatted(expected, found));
      }
    }
    return other;
  }

  private static CanaryTest.Guesses guesses(List<List<CanaryScores>> runs, int attack) {
    int canaries = 0;
    int guesses = 0;
    for (List<CanaryScores> run : runs) {
      canaries += run.get(attack).scores().length;
      guesses += CanaryGuesses.count(run.get(attack).scores().length);
    }
    return new CanaryTest.Guesses(canaries, guesses);
  }

  private static int right(List<List<CanaryScores>> runs, int attack) {
    return runs.stream().mapToInt(run -> CanaryGuesses.right(run.get(attack))).sum();
  }

  private CanaryEvidence.Run selfTest(CanaryScores twin, double confidence) {
    int canaries = twin.scores().length;
    return new CanaryTest.Guesses(canaries, CanaryGuesses.count(canaries))
        .bound(CanaryGuesses.right(twin), options.delta, confidence);
  }

  /** How well all scores of the released model, not just those of the guesses, tell who was in. */
  private static @Nullable MembershipEvidence ranking(CanaryScores scores, double confidence) {
    int in = Scores.select(scores.scores(), scores.in(), true).length;
    return in == 0 || in == scores.in().length ? null
        : MembershipEvidence.of(scores.attack(), "canary", scores.scores(), scores.in(), confidence);
  }

  private static String method(CanaryScores scores, int runs) {
    return runs == 1 ? scores.method()
        : String.format(Locale.ROOT,
            "%s Guesses of %d runs of the same training, the released one among them, are added up.",
            scores.method(), runs);
  }
}
