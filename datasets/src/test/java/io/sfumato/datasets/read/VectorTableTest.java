package io.sfumato.datasets.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sfumato.datasets.DataException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorTableTest {
  @TempDir
  Path directory;

  private Path parquet(String query) {
    Path file = directory.resolve("vectors.parquet");
    try (DuckDb db = new DuckDb()) {
      db.execute("COPY (" + query + ") TO " + DuckDb.literal(file.toString()) + " (FORMAT parquet)", file);
    }
    return file;
  }

  @Test
  void listsAndArraysAreReadAndNullsAreItemsWithout() {
    VectorTable table = VectorTable.parquet(parquet(
        "SELECT 'a' AS item_id, [1.5, 2.0]::FLOAT[] AS vector UNION ALL SELECT 'b', NULL UNION ALL SELECT 'c', [0, 4]::FLOAT[]"));
    assertThat(table.dimension()).isEqualTo(2);
    assertThat(table.rows()).containsOnlyKeys("a", "c");
    assertThat(table.rows().get("a")).containsExactly(1.5f, 2);
    assertThat(VectorTable.parquet(parquet("SELECT 7 AS item_id, [1, 2, 3]::DOUBLE[3] AS vector")).rows().get("7"))
        .containsExactly(1, 2, 3);
  }

  @Test
  void whatCannotBeIsRefusedWithTheItem() {
    refused("SELECT 'a' AS item_id, [1, 2]::FLOAT[] AS vector UNION ALL SELECT 'b', [1]::FLOAT[]", "BAD_VALUE",
        "values");
    refused("SELECT 'a' AS item_id, [1, 'NaN'::FLOAT]::FLOAT[] AS vector", "BAD_VALUE", "'a'");
    refused("SELECT 'a' AS item_id, [1]::FLOAT[] AS vector UNION ALL SELECT 'a', [2]::FLOAT[]", "BAD_VALUE", "two");
    refused("SELECT 'a' AS item_id, 3 AS vector", "BAD_VALUE", "INTEGER");
    refused("SELECT 'a' AS id, [1]::FLOAT[] AS vector", "MISSING_COLUMN", "item_id");
    refused("SELECT 'a' AS item_id, NULL::FLOAT[] AS vector", "EMPTY_FILE", "no vector");
  }

  private void refused(String query, String code, String says) {
    Path file = parquet(query);
    assertThatExceptionOfType(DataException.class).isThrownBy(() -> VectorTable.parquet(file))
        .withMessageContaining(says)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }
}
