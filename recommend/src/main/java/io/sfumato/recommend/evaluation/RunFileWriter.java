package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataException;
import io.sfumato.datasets.read.TableWriter;
import io.sfumato.datasets.read.TableWriter.Column;
import java.nio.file.Path;
import java.util.List;

/** Writes the lists of a scorer as a run file ({@code user_id,item_id,rank}), so that another tool can measure them; {@link RunFileScorer} reads it again to the same figures. */
public final class RunFileWriter {
  private static final List<Column> COLUMNS = List.of(Column.text("user_id"),
      Column.text("item_id"), Column.whole("rank"));

  private RunFileWriter() {}

  /**
   * Writes the lists of all evaluated users, cut at the largest k, without what the protocol masks.
   *
   * @param catalog of the items that were ranked
   * @param file CSV, TSV or Parquet by its suffix
   * @throws DataException {@code UNKNOWN_FORMAT} or {@code UNWRITABLE_FILE}
   */
  public static void write(EvaluationResult result, String scorer, Catalog catalog, Path file) {
    TableWriter.write(file, COLUMNS, rows -> {
      for (int u = 0; u < result.userCount(); u++) {
        int[] list = result.list(scorer, u);
        for (int rank = 0; rank < list.length; rank++) {
          rows.text(result.userId(u)).text(catalog.id(list[rank])).whole(rank + 1);
        }
      }
    });
  }
}
