package io.sfumato.privacy.report;

import java.util.List;

/**
 * A table of the page; the first column names the rows.
 *
 * @param caption what it shows
 * @param columns at least one
 * @param rows texts, one a column
 */
record Table(String caption, List<Column> columns, List<List<String>> rows) {
  Table {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row of the table %s has %d cells but must have %d".formatted(caption, row.size(), columns.size()));
      }
    }
  }

  /**
   * A column.
   *
   * @param name heading
   * @param number whether it holds figures, which stand to the right
   * @param internal whether no ε covers what it holds
   */
  record Column(String name, boolean number, boolean internal) {
    /** The heading where there is no room for one above the column. */
    String label() {
      return internal ? name + " (internal)" : name;
    }

    static Column text(String name) {
      return new Column(name, false, false);
    }

    static Column number(String name) {
      return new Column(name, true, false);
    }
  }

  /** Whether it is shown row by row where there is no room. */
  boolean wide() {
    return columns.size() > 2;
  }
}
