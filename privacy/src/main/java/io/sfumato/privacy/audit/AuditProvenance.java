package io.sfumato.privacy.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a model came from, and who looked at it.
 *
 * @param model its name or place
 * @param trained when, ISO 8601
 * @param audited when, ISO 8601
 * @param environment versions, machine, operating system
 * @param configuration every setting of the training: strings, numbers, booleans, lists and maps
 * @param dataSha256 hash of the data: internal, not private; "" where it is not known
 * @param deviations known deviations from what is described, a sentence each
 */
public record AuditProvenance(String model, String trained, String audited, Map<String, String> environment,
    Map<String, Object> configuration, String dataSha256, List<String> deviations) {
  public AuditProvenance {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    configuration = Collections.unmodifiableMap(new LinkedHashMap<>(configuration));
    deviations = List.copyOf(deviations);
  }
}
