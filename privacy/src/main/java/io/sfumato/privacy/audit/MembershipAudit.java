package io.sfumato.privacy.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/** The part of an audit that tells who was trained on. */
final class MembershipAudit {
  private static final String LOSS = "loss threshold";
  private static final String LIRA = "LiRA";

  private final PrivacyAudit.Builder options;
  private final AuditSubject subject;
  private final SplittableRandom random;

  MembershipAudit(PrivacyAudit.Builder options, AuditSubject subject, SplittableRandom random) {
    this.options = options;
    this.subject = subject;
    this.random = random;
  }

  /** Attacks; adds what it finds, and what it could not find for want of evidence. */
  List<MembershipEvidence> run(List<Finding> findings, List<String> missing) {
    options.listener.start("membership by loss", 1);
    List<MembershipScores> groups = subject.memberships();
    options.listener.advance(1, "");
    if (groups.isEmpty()) {
      missing.add(
          "Nobody was kept out of training, so members have nobody to be told from: train with --holdout-users 0.1 --secret S, then audit with the same --secret.");
      return List.of();
    }
    List<OfflineLira> shadows = shadows(groups);
    double confidence = 1 - (1 - options.confidence) / (groups.size() * (shadows.isEmpty() ? 1 : 2));
    List<MembershipEvidence> evidence = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      MembershipScores group = groups.get(i);
      int members = Scores.select(group.scores(), group.in(), true).length;
      int others = group.scores().length - members;
      if (members == 0 || others == 0) {
        missing.add(String.format(Locale.ROOT,
            "Membership of a %s cannot be told: %d are known to have been in, %d to have been out.",
            group.unit(), members, others));
        continue;
      }
      evidence.add(MembershipEvidence.of(LOSS, group.unit(), group.scores(), group.in(), confidence));
      if (!shadows.isEmpty()) {
        evidence.add(
            MembershipEvidence.of(LIRA, group.unit(), shadows.get(i).scores(group.scores()), group.in(), confidence));
      }
    }
    if (shadows.isEmpty()) {
      missing.add("The likelihood-ratio attack was left out: audit with --shadows 64.");
    }
    AuditClaim claim = options.claim;
    for (MembershipEvidence one : evidence) {
      DoubleUnaryOperator highest = claim == null ? null : AllowedRoc.ofMembers(claim, one.unit());
      if (highest != null) {
        findings.addAll(AllowedRoc.findings(highest, one));
      }
    }
    return evidence;
  }

  /** Shadow models, one after the other; none of their scores is kept. */
  private List<OfflineLira> shadows(List<MembershipScores> groups) {
    if (options.shadows == 0) {
      return List.of();
    }
    List<OfflineLira> attacks = groups.stream().map(group -> new OfflineLira(group.scores().length)).toList();
    options.listener.start("shadow models", options.shadows);
    for (int i = 0; i < options.shadows; i++) {
      List<MembershipScores> shadow = subject.shadow(random.nextLong());
      if (shadow.size() != groups.size()) {
        throw new IllegalStateException(
            "a shadow must score all %d kinds of units but scored %d".formatted(groups.size(), shadow.size()));
      }
      for (int k = 0; k < attacks.size(); k++) {
        attacks.get(k).add(shadow.get(k));
      }
      options.listener.advance(1, "");
    }
    return attacks;
  }
}
