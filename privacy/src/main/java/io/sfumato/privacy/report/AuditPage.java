package io.sfumato.privacy.report;

import io.sfumato.privacy.WholeFile;
import java.nio.charset.StandardCharsets;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.audit.AuditReport;
import java.nio.file.Path;

/**
 * An audit for people: one HTML file that loads nothing and needs no scripts, light and dark, for wide screens, phones and paper. It starts with a verdict that needs no statistics and ends with
 * what an expert asks for; plots are drawings in it, with a text alternative each.
 */
public final class AuditPage {
  private static final String PACKAGE = AuditPage.class.getPackageName();

  private AuditPage() {}

  /**
   * Writes the page; a file that is there is replaced, whole or not at all.
   *
   * @param publicOnly leaves out what is internal, not private
   * @throws PrivacyException {@code REPORT_UNWRITABLE}
   */
  public static void write(AuditReport report, Path file, boolean publicOnly) {
    WholeFile.write(file, html(report, publicOnly).getBytes(StandardCharsets.UTF_8), "REPORT_UNWRITABLE");
  }

  /** The page as HTML; everything that comes from data is escaped. */
  public static String html(AuditReport report, boolean publicOnly) {
    StringOutput html = new StringOutput();
    TemplateEngine.createPrecompiled(null, ContentType.Html, AuditPage.class.getClassLoader(), PACKAGE)
        .render("audit.jte", PageModel.of(report, publicOnly), html);
    return html.toString().stripLeading();
  }
}
