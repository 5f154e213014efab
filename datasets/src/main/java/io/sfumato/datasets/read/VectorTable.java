package io.sfumato.datasets.read;

import io.sfumato.datasets.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * A vector an item, as people bring them: by the item's id.
 *
 * @param dimension length of every vector
 * @param rows by item id; the arrays are not to be changed
 */
public record VectorTable(int dimension, Map<String, float[]> rows) {
  public VectorTable {
    if (dimension < 1 || rows.values().stream().anyMatch(row -> row.length != dimension)) {
      throw new DataException("BAD_VALUE", "vectors must all have the length %d, at least 1".formatted(dimension));
    }
    rows = Collections.unmodifiableMap(rows);
  }

  /**
   * Reads a Parquet file with the columns {@code item_id} and {@code vector}, a list or array of numbers. A null vector is an item without one.
   *
   * @throws DataException {@code NO_FILE}, {@code UNREADABLE_FILE}, {@code MISSING_COLUMN}, {@code EMPTY_FILE} where there is no vector, and {@code BAD_VALUE}, with the item, where a vector has another length
   *     than those before it or a value that is no finite number, or where an item has two
   */
  public static VectorTable parquet(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DataException("NO_FILE", "there is no file " + file + " of vectors; give its path, or create it");
    }
    String from = "read_parquet(" + DuckDb.literal(file.toAbsolutePath().toString()) + ")";
    try (DuckDb db = new DuckDb()) {
      Map<String, String> types = new HashMap<>();
      db.query("DESCRIBE FROM " + from, file, row -> types.put(row.getString(1), row.getString(2)));
      for (String column : new String[]{"item_id", "vector"}) {
        if (!types.containsKey(column)) {
          throw new DataException("MISSING_COLUMN",
              "%s has no column '%s'; vectors are read from the columns item_id and vector, and it has %s".formatted(
                  file, column, types.keySet()));
        }
      }
      if (!types.getOrDefault("vector", "").endsWith("]")) {
        throw new DataException("BAD_VALUE", "the column vector of %s must hold lists of numbers but is of type %s"
            .formatted(file, types.get("vector")));
      }
      Map<String, float[]> rows = new HashMap<>();
      int[] length = {0};
      db.query("SELECT CAST(item_id AS VARCHAR), CAST(vector AS FLOAT[]) FROM " + from + " WHERE vector IS NOT NULL",
          file, row -> {
            String item = row.getString(1);
            float[] vector = floats(row.getArray(2), item, file);
            length[0] = length[0] == 0 ? vector.length : length[0];
            check(item, vector, length[0], file);
            if (rows.put(item, vector) != null) {
              throw new DataException("BAD_VALUE",
                  "%s has two vectors of item '%s'; leave one of them out".formatted(file, item));
            }
          });
      if (rows.isEmpty()) {
        throw new DataException("EMPTY_FILE", file + " has no vector; give one row an item");
      }
      return new VectorTable(length[0], rows);
    }
  }

  private static float[] floats(Array array, String item, Path file) throws SQLException {
    Object[] values = (Object[]) array.getArray();
    float[] vector = new float[values.length];
    for (int k = 0; k < vector.length; k++) {
      vector[k] = values[k] instanceof Float value ? value : Float.NaN;
      if (!Float.isFinite(vector[k])) {
        throw new DataException("BAD_VALUE",
            "the vector of item '%s' in %s has the value %s; leave the item out instead"
                .formatted(item, file, values[k]));
      }
    }
    return vector;
  }

  private static void check(String item, float[] vector, int length, Path file) {
    if (vector.length != length || length == 0) {
      throw new DataException("BAD_VALUE",
          "the vector of item '%s' in %s has %d values where those before it have %d; take vectors of one model"
              .formatted(item, file, vector.length, length));
    }
  }
}
