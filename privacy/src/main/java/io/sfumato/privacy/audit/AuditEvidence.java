package io.sfumato.privacy.audit;

import java.util.Comparator;
import java.util.List;

/**
 * What attacks found out, and what follows from it.
 *
 * @param evidence the figures
 * @param findings most severe first
 */
public record AuditEvidence(Evidence evidence, List<Finding> findings) {
  /** Sorts by severity. */
  public AuditEvidence {
    findings = findings.stream().sorted(Comparator.comparing(Finding::severity)).toList();
  }
}
