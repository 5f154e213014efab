package io.sfumato.recommend.cli;

import io.sfumato.privacy.audit.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What commands say of findings. */
final class FindingText {
  private FindingText() {}

  static Map<String, Object> json(Finding finding) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("severity", finding.severity().label());
    map.put("code", finding.code());
    map.put("what", finding.what());
    map.put("remedy", finding.remedy());
    return map;
  }

  /** A line each. */
  static String lines(List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(finding.severity().label()).append(": ").append(finding.what());
      if (!finding.remedy().isEmpty()) {
        text.append(" (").append(finding.remedy()).append(')');
      }
      text.append('\n');
    }
    return text.toString();
  }
}
