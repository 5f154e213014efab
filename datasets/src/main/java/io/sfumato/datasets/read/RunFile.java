package io.sfumato.datasets.read;

import io.sfumato.datasets.DataException;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.DataReport.Cause;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rankings of a system for many users, as evaluation tools exchange them: CSV, TSV, JSON lines or Parquet with the columns {@code user_id}, {@code item_id} and {@code rank} (a whole number, 1 the best), or {@code score} (higher is better)
 * in place of it. Other columns are not read, and where there are both, ranks count. Unlike a data set, a ranking with a hole in it says nothing true: any row that cannot be used is an error.
 */
public final class RunFile {
  private RunFile() {}

  /** Called for each row, in the order of the file. */
  public interface RowConsumer {
    /**
     * Takes a row.
     *
     * @param value the higher the better: the negative rank, or the score
     */
    void accept(String userId, String itemId, double value);
  }

  /**
   * Reads a run file.
   *
   * @throws DataException {@code NO_FILE}, {@code UNKNOWN_FORMAT}, {@code MISSING_COLUMN}, or {@code BAD_VALUE} with the record and its value
   */
  public static void read(Path file, RowConsumer rows) {
    DataReport.Builder report = DataReport.builder();
    try (DuckDb db = new DuckDb()) {
      SourceTable table = SourceTable.load(db, file, "run", report);
      DataReport malformed = report.build();
      if (malformed.total() > 0) {
        throw new DataException("BAD_VALUE", "%s has rows that its format does not allow: %s; correct them".formatted(
            file, String.join("; ", malformed.examples(Cause.MALFORMED_ROW))));
      }
      Map<Field, String> names = new EnumMap<>(Field.class);
      String user = table.column(Field.USER_ID, names);
      String item = table.column(Field.INTERACTION_ITEM_ID, names);
      boolean ranked = table.columns().contains("rank");
      if (!ranked && !table.columns().contains("score")) {
        throw new DataException("MISSING_COLUMN",
            "%s has no column 'rank' and no column 'score'; a run file has user_id, item_id and one of them, but its columns are %s"
                .formatted(file, table.columns()));
      }
      String value = "trim(c" + table.index(ranked ? "rank" : "score") + ")";
      table.query("SELECT row_no, %s, %s, %s, TRY_CAST(%s AS DOUBLE) FROM run ORDER BY row_no".formatted(
          user, item, value, value), row -> {
            long record = row.getLong(1);
            double number = row.getDouble(5);
            if (row.wasNull() || !Double.isFinite(number) || (ranked && (number < 1 || number != Math.rint(number)))) {
              throw bad(file, record, ranked ? "rank must be a whole number from 1 on" : "score must be a number",
                  row.getString(4));
            }
            rows.accept(id(file, record, "user_id", row.getString(2)), id(file, record, "item_id", row.getString(3)),
                ranked ? -number : number);
          });
    }
  }

  private static String id(Path file, long record, String column, @Nullable String text) {
    if (text == null || text.isBlank()) {
      throw bad(file, record, column + " must not be empty", text);
    }
    return text;
  }

  private static DataException bad(Path file, long record, String rule, @Nullable String value) {
    return new DataException("BAD_VALUE",
        "%s, record %d: %s but was '%s'; correct it".formatted(file, record, rule, value == null ? "" : value));
  }
}
