package io.sfumato.recommend.cli;

import io.sfumato.privacy.accounting.PrivacySpend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the privacy commands say what was spent. */
final class PrivacyText {
  private PrivacyText() {}

  /** {@code {"pld":{"epsilon":…},"rdp":{"epsilon":…,"alpha":…}}}; an infinite ε is the text "Infinity". */
  static Map<String, Object> json(PrivacySpend spend) {
    Map<String, Object> rdp = new LinkedHashMap<>();
    rdp.put("epsilon", spend.rdp().epsilon());
    rdp.put("alpha", spend.rdp().alpha());
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("pld", Map.of("epsilon", spend.pldEpsilon()));
    map.put("rdp", rdp);
    return map;
  }

  /** Three lines. */
  static String spend(PrivacySpend spend) {
    String at = " at delta " + figure(spend.delta());
    return Text.facts(List.of(List.of("epsilon", figure(spend.pldEpsilon()) + at + " (privacy loss distributions)"),
        List.of("cross-check", figure(spend.rdp().epsilon()) + at + " (Rényi divergence of order "
            + figure(spend.rdp().alpha()) + (spend.rdp().atEdge() ? ", the edge of those tried)" : ")")),
        List.of("without sampling",
            figure(spend.unamplifiedEpsilon()) + at + " (had every unit been in every batch)")));
  }

  /** Five digits at most, {@code 1e-05}, or {@code infinite}. */
  static String figure(double value) {
    return Double.isInfinite(value) ? "infinite" : trim(String.format(Locale.ROOT, "%.5g", value));
  }

  private static String trim(String number) {
    int exponent = number.indexOf('e');
    String digits = exponent < 0 ? number : number.substring(0, exponent);
    String rest = exponent < 0 ? "" : number.substring(exponent);
    return (digits.contains(".") ? digits.replaceAll("\\.?0+$", "") : digits) + rest;
  }
}
