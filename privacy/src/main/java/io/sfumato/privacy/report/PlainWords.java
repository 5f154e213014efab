package io.sfumato.privacy.report;

import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.audit.AccountingFacts;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.MembershipEvidence;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.privacy.report.Verdict.Said;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a report says to people without statistics: the promise, the check, and what follows. */
final class PlainWords {
  private PlainWords() {}

  static List<Said> of(AuditReport report, ClaimFacts claim, Severity severity, boolean refuted) {
    List<String> checked = new ArrayList<>();
    checked.add(books(report, claim));
    checked.addAll(attacks(report, claim, refuted));
    return List.of(new Said("The promise.", promise(claim)), new Said("The check.", checked),
        new Said("What follows.", ending(severity, refuted)));
  }

  /** Of a model whose files are not known to be those that were written, so that nothing they say can be repeated. */
  static List<Said> broken() {
    return List.of(
        new Said("The promise.",
            "What this model promises cannot be taken from its files: the red findings below say why."),
        new Said("What that means.",
            "The files are not known to be those that the training wrote; by accident or on purpose, something was changed, lost or added. Nothing that they say of privacy holds until they are restored from a copy and audited again."));
  }

  /** The same of a model that promises nothing. */
  static List<Said> unclaimed(AuditReport report) {
    List<String> checked = new ArrayList<>();
    CanaryEvidence canaries = Strongest.canaries(report.evidence());
    MembershipEvidence membership = Strongest.membership(report.evidence(), null);
    if (canaries != null) {
      checked.add("It was attacked. " + planted(canaries.run()));
    }
    if (membership != null) {
      checked.add(told(membership, null));
    }
    if (checked.isEmpty()) {
      checked.add("No attack was tried, so this report cannot say how much it gives away in fact.");
    }
    return List.of(
        new Said("The promise.",
            "There is none: this model was trained without a privacy budget. Nothing limits what it gives away. Whoever holds it may be able to find out who was in the training data, and what they did."),
        new Said("The check.", checked), new Said("What follows.",
            "Treat this model like the data itself. For a promise, train it with a budget: sfumato train --epsilon."));
  }

  private static String promise(ClaimFacts claim) {
    double epsilon = Guessing.testable(claim);
    double share = Guessing.rightAtMost(epsilon, claim.delta());
    String whom = claim.unit() == PrivacyUnit.USER ? "a given person was among those it learned from"
        : "a given record was in the data it learned from";
    String reach = share >= 0.9995 ? "right practically every time"
        : share >= 0.995 ? "right more than 99 times of 100"
            : "right in no more than about %d of 100 guesses".formatted(Math.round(100 * share));
    return "This model learned from people's data and promises to give little away about any one of them. Whoever tries to guess from it whether %s can be %s, where tossing a coin is right in 50; that is what ε = %s means.%s"
        .formatted(whom, reach, Words.figure(epsilon),
            share >= 0.995 ? " A figure as large as this protects hardly anybody by itself." : "");
  }

  private static String books(AuditReport report, ClaimFacts claim) {
    AccountingFacts accounting = report.accounting();
    if (accounting == null) {
      return "There is no record of what was released, so nobody can add up whether the promise was kept.";
    }
    if (!accounting.check().intact()) {
      return "The record of what was released, from which the promise is added up, is damaged: somebody changed it, or part of it was lost.";
    }
    double spent = accounting.spend().pldEpsilon();
    return spent > claim.epsilon() * (1 + 1e-6)
        ? "The record of what was released is whole, but it adds up to ε = %s, which is more than is promised."
            .formatted(Words.figure(spent))
        : "The record of everything that was released is whole, and adds up to no more than is promised.";
  }

  private static List<String> attacks(AuditReport report, ClaimFacts claim, boolean refuted) {
    Evidence evidence = report.evidence();
    CanaryEvidence canaries = Strongest.canaries(evidence);
    MembershipEvidence membership = Strongest.membership(evidence, claim);
    List<String> said = new ArrayList<>();
    if (canaries != null) {
      said.add("Then it was attacked. " + planted(canaries.run()));
    }
    if (membership != null) {
      said.add(told(membership, Strongest.allowedAuc(evidence, claim, membership.unit())));
    }
    if (said.isEmpty()) {
      said.add(
          "No attack was tried, since none was prepared for when the model was trained. The promise rests on the mathematics alone; part 6 says how to prepare one.");
    } else if (refuted) {
      said.add(
          "That is more than chance can explain if the promise is kept. Either the noise was not what the record says, or something else is wrong in how the model was made.");
    } else {
      said.add("None of this contradicts the promise.");
    }
    if (canaries != null && !refuted) {
      said.addAll(sharpness(report, canaries, Guessing.testable(claim)));
    }
    return said;
  }

  private static String planted(CanaryEvidence.Run run) {
    return "%s were invented, and a coin decided for each whether it went into the training data. An attacker who sees more than any outsider guessed of %s of them whether they were in, and was right %s times; a blind guesser would expect %s."
        .formatted(Words.plural(run.canaries(), "entry", "entries"), Words.count(run.guesses()),
            Words.count(run.right()), Words.count(Math.round(run.guesses() / 2.0)));
  }

  private static String told(MembershipEvidence attack, @Nullable Double allowed) {
    return "Given one %s that the model learned from and one that was kept out, the best attack on real data tells which is which in %s cases%s."
        .formatted(attack.unit().equals("user") ? "person" : attack.unit(), Guessing.ofHundred(attack.auc()),
            allowed != null ? "; chance would give 50, and the promise allows " + Math.round(100 * allowed)
                : ", where chance would give 50");
  }

  /** Whether the attack could have seen anything. */
  private static List<String> sharpness(AuditReport report, CanaryEvidence strongest, double epsilon) {
    List<String> said = new ArrayList<>();
    CanaryEvidence.Run twin = strongest.selfTest();
    if (Verdict.has(report, Verdict.TOO_WEAK)) {
      said.add(
          "But the attack found too little even where nothing was hidden by noise, so it would not have noticed a leak: that it failed means nothing.");
    } else if (twin != null) {
      said.add(
          "The same attack on a twin of the model without protection was right in %s of %s guesses, so it does notice when people are not protected."
              .formatted(Words.count(twin.right()), Words.count(twin.guesses())));
    }
    if (Verdict.has(report, "CLAIM_ABOVE_CEILING")) {
      said.add("However, it could not have refuted a promise as weak as this one, had all its guesses been right.");
    } else if (strongest.run().ceiling() < epsilon) {
      said.add(
          "Its bound reaches no further than ε = %s; the weaker promise of this model was held against the guesses as a whole curve instead."
              .formatted(Words.figure(strongest.run().ceiling())));
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
    return "An attack that fails proves nothing about cleverer ones. That the promise holds rests on mathematics (parts 2 and 3), and it holds only for what it covers (part 1).";
  }
}
