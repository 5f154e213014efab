package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.AuditProvenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Settings and origins as rows of a table. */
final class Settings {
  private Settings() {}

  /** A row a setting; names of nested ones are joined by points. */
  static List<List<String>> rows(Map<String, Object> settings) {
    List<List<String>> rows = new ArrayList<>();
    add(rows, "", settings);
    return rows;
  }

  private static void add(List<List<String>> rows, String before, Map<?, ?> settings) {
    for (Map.Entry<?, ?> entry : settings.entrySet()) {
      String name = before + entry.getKey();
      if (entry.getValue() instanceof Map<?, ?> inner && !inner.isEmpty()) {
        add(rows, name + ".", inner);
      } else {
        rows.add(List.of(name, value(entry.getValue())));
      }
    }
  }

  private static String value(Object value) {
    return value instanceof List<?> list ? String.join(", ", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  /** Where a model came from. */
  static Table origin(AuditProvenance facts) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Model", facts.model()));
    rows.add(List.of("Trained", facts.trained().isEmpty() ? "not known" : facts.trained()));
    rows.add(List.of("Audited", facts.audited()));
    if (!facts.dataSha256().isEmpty()) {
      rows.add(List.of("SHA-256 of the data (internal, not private)", facts.dataSha256()));
    }
    facts.environment().forEach((name, value) -> rows.add(List.of(Words.capital(name), value)));
    return new Table("Where the model came from", List.of(Table.Column.text("What"), Table.Column.text("Found")), rows);
  }
}
