package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.DataException;
import io.sfumato.datasets.read.TableWriter;
import io.sfumato.datasets.read.TableWriter.Column;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes every metric of every user, system, run and cut, so that others can test and plot what they like: columns {@code user_id}, {@code system}, {@code seed}, {@code k}, and one a metric by its {@link Metric#key}. */
public final class PerUserFile {
  private PerUserFile() {}

  /**
   * Writes the file.
   *
   * @param file Parquet, CSV or TSV by its suffix
   * @throws DataException {@code UNKNOWN_FORMAT} or {@code UNWRITABLE_FILE}
   */
  public static void write(SeededResult result, Path file) {
    List<Metric> metrics = result.first().metrics();
    List<Column> columns = new ArrayList<>(List.of(Column.text("user_id"), Column.text("system"),
        Column.whole("seed"), Column.whole("k")));
    metrics.forEach(metric -> columns.add(Column.real(metric.key())));
    TableWriter.write(file, columns, rows -> {
      for (int run = 0; run < result.runs().size(); run++) {
        for (String system : result.runs().get(run).scorers()) {
          for (int k : result.first().ks()) {
            write(result.runs().get(run), system, result.seeds().get(run), k, rows);
          }
        }
      }
    });
  }

  private static void write(EvaluationResult run, String system, long seed, int k, TableWriter.Rows rows) {
    List<double[]> values = run.metrics().stream().map(metric -> run.perUser(system, metric, k)).toList();
    for (int u = 0; u < run.userCount(); u++) {
      rows.text(run.userId(u)).text(system).whole(seed).whole(k);
      for (double[] column : values) {
        rows.real(column[u]);
      }
    }
  }
}
