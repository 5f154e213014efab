package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.AuditProvenance;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.MechanismFacts;
import io.sfumato.privacy.audit.MechanismFacts.NoisyRelease;
import io.sfumato.privacy.audit.MembershipEvidence;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What may leave the house of a report: all but the figures that were computed on people's data without noise. Those are the number of
 * people, sizes of batches, measured deviations of the noise, what privacy cost, the data's hash, and of attacks on real people all but the area under the curve, which is rounded
 * outwards to hundredths. Findings that might quote such figures are told without any.
 */
final class PublicEdition {
  /** Findings whose figures come from canaries, the claim, the ledger or files of the model alone. */
  private static final Set<String> OPEN = Set.of("CLAIM_REFUTED", "CLAIM_ABOVE_CEILING", "AUDIT_TOO_WEAK",
      "ATTACK_TOO_WEAK", "NO_CANARIES", "NO_EVIDENCE", "NO_SELF_TEST", "RELEASES_MATCH", "RELEASE_NOT_KEPT",
      "RELEASE_UNCHARGED", "WEIGHTS_REPLACED", "WEIGHTS_UNCHARGED", "MODEL_UNSEALED", "MODEL_UNREADABLE", "UNSIGNED",
      "SIGNED", "NOT_SIGNED", "SIGNED_BY_ANOTHER", "SIGNATURE_BROKEN", "SIGNER_UNKNOWN", "LAYERS_KNOWN",
      "LAYERS_UNKNOWN",
      "LAYER_WITHOUT_RULE", "BATCHES_UNKNOWN", "FILES_WHOLE", "FILES_CHANGED", "MANIFEST_CHANGED", "NO_CLAIM",
      "CLAIM_MISSING", "CLAIM_ADDS_UP", "CLAIM_BELOW_LEDGER", "CLAIM_OVER_BUDGET", "CLAIM_UNIT", "CLAIM_RELATION",
      "CLAIM_DELTA", "CLAIM_BOUND", "SENSITIVITY_TOO_SMALL", "NOISE_SECURE", "NOISE_SEEDED");
  private static final String NUMBER = "(?<![\\p{L}\\p{N}@_./-])%s\\d(?:[\\d.,]*\\d)?(?:[eE]-?\\d+)?";
  private static final Pattern ANY = Pattern.compile(NUMBER.formatted(""));
  /** Numbers, but for what options are given. */
  private static final Pattern MEASURED = Pattern.compile(NUMBER.formatted("(?<!--[a-z-]{1,40} )"));

  private PublicEdition() {}

  static AuditReport of(AuditReport full) {
    return new AuditReport(claim(full.claim()), mechanism(full.mechanism()), full.accounting(), full.touches(), null,
        evidence(full.evidence()), provenance(full.provenance()),
        full.findings().stream().map(PublicEdition::finding).toList());
  }

  private static @Nullable ClaimFacts claim(@Nullable ClaimFacts claim) {
    return claim == null ? null
        : new ClaimFacts(claim.epsilon(), claim.budget(), claim.delta(), claim.unit(), claim.neighbouring(),
            claim.addRemoveEpsilon(), claim.replaceEpsilon(), claim.maxPerUser(), null, claim.curve(), claim.released(),
            claim.covered(), claim.notCovered());
  }

  private static @Nullable MechanismFacts mechanism(@Nullable MechanismFacts facts) {
    return facts == null ? null
        : new MechanismFacts(facts.releases().stream().map(PublicEdition::release).toList(), facts.clipping(),
            facts.denominator(), facts.sampler(), facts.generator(), facts.validator(), new TreeMap<>());
  }

  private static NoisyRelease release(NoisyRelease full) {
    return new NoisyRelease(full.what(), full.sigma(), full.samplingRate(), full.steps(), full.sensitivity(),
        full.why(), full.noiseDeviation(), null);
  }

  private static Evidence evidence(Evidence full) {
    return new Evidence(full.canaries(), full.memberships().stream().map(PublicEdition::membership).toList(),
        full.allowed(), full.allowedAuc(), full.missing().stream().map(missing -> masked(missing, MEASURED)).toList());
  }

  private static Finding finding(Finding full) {
    return OPEN.contains(full.code()) || full.code().startsWith("LEDGER_") ? full
        : new Finding(full.severity(), full.code(), masked(full.what(), ANY), masked(full.remedy(), ANY));
  }

  private static String masked(String sentence, Pattern figures) {
    return figures.matcher(sentence).replaceAll("…");
  }

  private static MembershipEvidence membership(MembershipEvidence full) {
    return new MembershipEvidence(full.attack(), full.unit(), 0, 0, Math.rint(full.auc() * 100) / 100,
        Math.floor(full.aucLow() * 100) / 100, Math.ceil(full.aucHigh() * 100) / 100, full.confidence(), List.of(),
        List.of());
  }

  private static AuditProvenance provenance(AuditProvenance full) {
    return new AuditProvenance(full.model(), full.trained(), full.audited(), full.environment(), full.configuration(),
        "", full.deviations());
  }
}
