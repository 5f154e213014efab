package io.sfumato.privacy.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that an audit found, in the seven parts of its report, and the findings that follow from them.
 *
 * @param claim what is promised; null where nothing is
 * @param mechanism how the promise is kept; null where nothing is promised
 * @param accounting what was spent; null where nothing is promised
 * @param touches every use that training made of people's data, charged or not
 * @param utility what privacy cost; null where it was not measured. Computed without noise: internal, not private
 * @param evidence what attacks found out
 * @param provenance where the model came from
 * @param findings most severe first
 */
public record AuditReport(@Nullable ClaimFacts claim, @Nullable MechanismFacts mechanism,
    @Nullable AccountingFacts accounting, List<DataTouch> touches, @Nullable UtilityFacts utility, Evidence evidence,
    AuditProvenance provenance, List<Finding> findings) {
  public AuditReport {
    touches = List.copyOf(touches);
    findings = findings.stream().sorted(java.util.Comparator.comparing(Finding::severity)).toList();
  }

  /** The most severe of all findings; {@link Severity#GREEN} where there is none. */
  public Severity verdict() {
    return findings.isEmpty() ? Severity.GREEN : findings.getFirst().severity();
  }
}
