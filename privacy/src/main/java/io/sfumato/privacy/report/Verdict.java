package io.sfumato.privacy.report;

import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.audit.AccountingFacts;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.MembershipEvidence;
import io.sfumato.privacy.audit.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A report in one heading and a few sentences for people without statistics, made from its figures alone.
 *
 * @param severity red where the claim is refuted or cannot be relied on; green only where there is a claim, it was attacked, and no finding is worse
 * @param title the heading
 * @param plain sentences, in the order in which they are read
 */
record Verdict(Severity severity, String title, List<String> plain) {

  private static final Set<String> REFUTING = Set.of("CLAIM_REFUTED", "AUC_ABOVE_CLAIM");
  private static final String TOO_WEAK = "AUDIT_TOO_WEAK";

  Verdict {
    plain = List.copyOf(plain);
  }

  static Verdict of(AuditReport report) {
    ClaimFacts claim = report.claim();
    if (claim == null) {
      return new Verdict(report.verdict() == Severity.GREEN ? Severity.YELLOW : report.verdict(),
          "This model promises no privacy", unclaimed(report));
    }
    boolean refuted = refuted(report, claim);
    boolean untested = report.evidence().canaries().isEmpty() && report.evidence().memberships().isEmpty();
    Severity severity = refuted ? Severity.RED
        : untested && report.verdict() == Severity.GREEN ? Severity.YELLOW : report.verdict();
    List<String> plain = new ArrayList<>();
    plain.add(promise(claim));
    plain.addAll(books(report, claim));
    plain.addAll(attacks(report, claim, refuted));
    plain.add(ending(severity, refuted));
    return new Verdict(severity, title(report, severity, refuted, untested), plain);
  }

  private static String title(AuditReport report, Severity severity, boolean refuted, boolean untested) {
    if (refuted) {
      return "The claim is refuted";
    }
    if (severity == Severity.RED) {
      return "The claim cannot be relied on";
    }
    if (untested) {
      return "The claim adds up on paper, but nobody has tested it";
    }
    if (has(report, TOO_WEAK)) {
      return "The audit was too weak to test the claim";
    }
    return severity == Severity.YELLOW ? "The claim holds as far as it was checked, with reservations"
        : "The claim holds as far as it was checked";
  }

  /** Whether an attack got further than the claim allows; figures count as much as what was made of them. */
  static boolean refuted(AuditReport report, ClaimFacts claim) {
    Evidence evidence = report.evidence();
    double epsilon = Guessing.testable(claim);
    return report.findings()
        .stream()
        .anyMatch(finding -> REFUTING.contains(finding.code())
            && finding.severity() == Severity.RED)
        || evidence.canaries().stream().anyMatch(attack -> attack.run().epsilonLower() > epsilon)
        || evidence.memberships().stream().anyMatch(attack -> attack.aucLow() > evidence.allowedAuc());
  }

  private static boolean has(AuditReport report, String code) {
    return report.findings().stream().map(Finding::code).anyMatch(code::equals);
  }

  private static String promise(ClaimFacts claim) {
    String whom = claim.unit() == PrivacyUnit.USER ? "a given person was among those it learned from"
        : "a given record was in the data it learned from";
    double share = Guessing.rightAtMost(Guessing.testable(claim), claim.delta());
    String reach = share >= 0.9995 ? "right practically every time"
        : share >= 0.995 ? "right more than 99 times of 100"
            : "right in no more than about %d of 100 guesses".formatted(Math.round(100 * share));
    return "This model was trained on people's data, and it promises to give little away about any one of them: whoever tries to guess from it whether "
        + whom + ", can be " + reach + ", where tossing a coin is right in 50. That is what ε = "
        + Words.figure(Guessing.testable(claim)) + " means"
        + (share >= 0.995 ? "; a figure as large as this protects hardly anybody by itself." : ".");
  }

  private static List<String> books(AuditReport report, ClaimFacts claim) {
    AccountingFacts accounting = report.accounting();
    if (accounting == null) {
      return List.of("There are no books of what was released, so nobody can add up whether the promise was kept.");
    }
    if (!accounting.check().intact()) {
      return List.of(
          "The record of what was released, from which the promise is added up, is damaged: somebody changed it, or a file was lost.");
    }
    double spent = accounting.spend().pldEpsilon();
    if (spent > claim.epsilon() * (1 + 1e-6)) {
      return List.of("The record of what was released is whole, but it adds up to ε = " + Words.figure(spent)
          + ", which is more than is promised.");
    }
    return List.of("The record of everything that was released is whole, and adds up to no more than is promised.");
  }

  private static List<String> attacks(AuditReport report, ClaimFacts claim, boolean refuted) {
    Evidence evidence = report.evidence();
    CanaryEvidence canaries = Strongest.canaries(evidence);
    MembershipEvidence membership = Strongest.membership(evidence);
    List<String> said = new ArrayList<>();
    if (canaries != null) {
      said.add(planted(canaries.run()));
    }
    if (membership != null) {
      said.add(told(membership, evidence.allowedAuc()));
    }
    if (said.isEmpty()) {
      said.add(
          "No attack was tried, since none was prepared for when the model was trained: the promise rests on the mathematics alone. Part 6 says how to prepare one.");
    } else if (refuted) {
      said.add(
          "That is more than a model with this promise can allow by chance. The promise is broken: either the noise was not what the record says, or something else is wrong in how the model was made.");
    } else {
      said.add("None of this contradicts the promise.");
    }
    if (canaries != null && !refuted) {
      said.addAll(sharpness(report, canaries, Guessing.testable(claim)));
    }
    return said;
  }

  private static String planted(CanaryEvidence.Run run) {
    return "It was attacked: %s were invented and hidden in the training data by the toss of a coin each, and an attacker who sees more than any outsider guessed of %s whether they were in. %s of these guesses were right, where a blind guesser would expect %s."
        .formatted(Words.plural(run.canaries(), "entry", "entries"), Words.count(run.guesses()),
            Words.count(run.right()), Words.count(Math.round(run.guesses() / 2.0)));
  }

  private static String told(MembershipEvidence attack, double allowed) {
    return "Shown one %s that it learned from and one that was kept out, the best attack on real data tells them apart in %s cases%s."
        .formatted(attack.unit().equals("user") ? "person" : attack.unit(), Guessing.ofHundred(attack.auc()),
            allowed < 1 ? "; chance would give 50, and the promise allows up to " + Math.round(100 * allowed)
                : ", where chance would give 50");
  }

  private static List<String> sharpness(AuditReport report, CanaryEvidence strongest, double epsilon) {
    List<String> said = new ArrayList<>();
    CanaryEvidence.Run twin = strongest.selfTest();
    if (has(report, TOO_WEAK)) {
      said.add(
          "But the attack found too little even where nothing was hidden by noise, so it would not have noticed a leak: that it failed means nothing.");
    } else if (twin != null) {
      said.add(
          "The same attack on a twin of the model without protection was right in %s of %s guesses: it does notice when people are not protected."
              .formatted(Words.count(twin.right()), Words.count(twin.guesses())));
    }
    if (strongest.run().ceiling() < epsilon) {
      said.add("However, it could not have refuted any promise weaker than ε = "
          + Words.figure(strongest.run().ceiling()) + ", and this one is.");
    }
    return said;
  }

  private static String ending(Severity severity, boolean refuted) {
    if (refuted) {
      return "Do not release this model under this claim.";
    }
    if (severity == Severity.RED) {
      return "Until the red findings below are cleared up, treat this model as if it promised nothing.";
    }
    return "An attack that fails proves nothing about cleverer ones: that the promise holds rests on mathematics (parts 2 and 3), and it holds only for what it covers (part 1).";
  }

  private static List<String> unclaimed(AuditReport report) {
    List<String> plain = new ArrayList<>();
    plain.add(
        "This model was trained without a privacy budget. Nothing limits what it gives away: whoever holds it may be able to find out who was in the training data and what they did. Treat it like the data itself.");
    CanaryEvidence canaries = Strongest.canaries(report.evidence());
    MembershipEvidence membership = Strongest.membership(report.evidence());
    if (canaries != null) {
      plain.add(planted(canaries.run()));
    }
    if (membership != null) {
      plain.add(told(membership, 1));
    }
    if (canaries == null && membership == null) {
      plain.add("No attack was tried, so this report cannot say how much it gives away in fact.");
    }
    plain.add("To get a promise, train it with a budget: sfumato train --epsilon.");
    return plain;
  }

  /** All sentences as one paragraph. */
  String paragraph() {
    return String.join(" ", plain);
  }

}
