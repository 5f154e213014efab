package io.sfumato.privacy.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.MembershipEvidence;
import org.jspecify.annotations.Nullable;

/** What attacks found out, as JSON. */
final class EvidenceJson {
  private EvidenceJson() {}

  static ObjectNode tree(ObjectNode node, Evidence evidence, @Nullable ClaimFacts claim, boolean publicOnly) {
    node.put("status", status(evidence));
    oneRun(node, Strongest.canaries(evidence));
    ArrayNode attacks = node.putArray("one_run_attacks");
    for (CanaryEvidence attack : evidence.canaries()) {
      fill(attacks.addObject(), attack);
    }
    MembershipEvidence strongest = Strongest.membership(evidence, claim);
    if (strongest == null) {
      node.putNull("membership");
    } else {
      fill(node.putObject("membership"), strongest, publicOnly);
    }
    ArrayNode memberships = node.putArray("membership_attacks");
    for (MembershipEvidence attack : evidence.memberships()) {
      fill(memberships.addObject(), attack, publicOnly);
    }
    ObjectNode allowed = node.putObject("allowed");
    allowed.put("auc", AuditJson.finite(evidence.allowedAuc()));
    AuditJson.points(allowed.putArray("roc"), evidence.allowed(), "fpr", "tpr");
    evidence.missing().forEach(node.putArray("missing")::add);
    return node;
  }

  /** {@code none}, {@code partial} or {@code full}. */
  static String status(Evidence evidence) {
    boolean planted = !evidence.canaries().isEmpty();
    boolean held = !evidence.memberships().isEmpty();
    return !planted && !held ? "none" : planted && held && evidence.missing().isEmpty() ? "full" : "partial";
  }

  private static void oneRun(ObjectNode node, @Nullable CanaryEvidence strongest) {
    if (strongest == null) {
      node.putNull("one_run");
    } else {
      fill(node.putObject("one_run"), strongest);
    }
  }

  private static void fill(ObjectNode node, CanaryEvidence attack) {
    node.put("attack", attack.attack()).put("method", attack.method());
    fill(node, attack.run());
    CanaryEvidence.Run twin = attack.selfTest();
    if (twin == null) {
      node.putNull("self_test");
    } else {
      fill(node.putObject("self_test"), twin);
    }
    MembershipEvidence ranking = attack.ranking();
    if (ranking == null) {
      node.putNull("ranking");
    } else {
      fill(node.putObject("ranking"), ranking, false); // canaries are invented: nothing of it is internal
    }
  }

  private static void fill(ObjectNode node, CanaryEvidence.Run run) {
    node.put("canaries", run.canaries())
        .put("guesses", run.guesses())
        .put("right", run.right())
        .put("delta", AuditJson.finite(run.delta()))
        .put("confidence", AuditJson.finite(run.confidence()))
        .put("epsilon_lower", AuditJson.finite(run.epsilonLower()))
        .put("epsilon_lower_gaussian", AuditJson.finite(run.epsilonLowerGaussian()))
        .put("ceiling", AuditJson.finite(run.ceiling()));
  }

  private static void fill(ObjectNode node, MembershipEvidence attack, boolean publicOnly) {
    node.put("attack", attack.attack()).put("unit", attack.unit());
    node.put("auc", AuditJson.finite(attack.auc()))
        .put("auc_low", AuditJson.finite(attack.aucLow()))
        .put("auc_high", AuditJson.finite(attack.aucHigh()))
        .put("confidence", AuditJson.finite(attack.confidence()));
    if (publicOnly) {
      return;
    }
    node.put("members", attack.members()).put("others", attack.others());
    ArrayNode points = node.putArray("points");
    for (MembershipEvidence.OperatingPoint point : attack.points()) {
      points.addObject()
          .put("fpr", AuditJson.finite(point.fpr()))
          .put("tpr", AuditJson.finite(point.tpr()))
          .put("low", AuditJson.finite(point.low()))
          .put("high", AuditJson.finite(point.high()));
    }
    AuditJson.points(node.putArray("roc"), attack.roc(), "fpr", "tpr");
  }
}
