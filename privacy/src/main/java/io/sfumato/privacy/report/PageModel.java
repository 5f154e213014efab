package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.AuditReport;

/**
 * What the page shows.
 *
 * @param report without what is internal, where the page is public
 * @param verdict of the whole report
 * @param internal whether figures are shown that no ε covers
 */
record PageModel(AuditReport report, Verdict verdict, boolean internal) {

  static PageModel of(AuditReport full, boolean publicOnly) {
    return new PageModel(publicOnly ? PublicEdition.of(full) : full, Verdict.of(full), !publicOnly);
  }

  String title() {
    return "Privacy audit of " + report.provenance().model();
  }
}
