package io.sfumato.recommend.evaluation.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A table as the page shows it; behind every plot stands the one with its figures.
 *
 * @param headings one a column; the first column names the rows
 * @param rows texts, as many as headings
 * @param marked the name of the row that stands out; "" for none
 */
record DataTable(List<String> headings, List<List<String>> rows, String marked) {
  DataTable {
    headings = List.copyOf(headings);
    List<List<String>> copy = new ArrayList<>();
    for (List<String> row : rows) {
      if (row.size() != headings.size()) {
        throw new IllegalArgumentException(
            "a row of the table %s has %d cells but must have %d".formatted(headings, row.size(), headings.size()));
      }
      copy.add(List.copyOf(row));
    }
    rows = List.copyOf(copy);
  }

  boolean isMarked(List<String> row) {
    return row.getFirst().equals(marked);
  }
}
