package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.AuditProvenance;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.MechanismFacts;
import io.sfumato.privacy.audit.MechanismFacts.NoisyRelease;
import io.sfumato.privacy.audit.MembershipEvidence;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What may leave the house of a report: all but the figures that were computed on people's data without noise. Those are the number of
 * people, sizes of batches, measured deviations of the noise, what privacy cost, the data's hash, and of attacks on real people all but the area under the curve, which is rounded
 * outwards to hundredths.
 */
final class PublicEdition {
  private PublicEdition() {}

  static AuditReport of(AuditReport full) {
    return new AuditReport(claim(full.claim()), mechanism(full.mechanism()), full.accounting(), full.touches(), null,
        evidence(full.evidence()), provenance(full.provenance()), full.findings());
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
        full.allowed(), full.allowedAuc(), full.missing());
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
