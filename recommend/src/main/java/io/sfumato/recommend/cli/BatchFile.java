package io.sfumato.recommend.cli;

import io.sfumato.datasets.read.TableWriter;
import io.sfumato.datasets.read.TableWriter.Column;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.BatchAnswer;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.Request;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what is recommended to everyone as a table. */
final class BatchFile {
  private static final List<Column> COLUMNS = List.of(Column.text("user"), Column.whole("rank"), Column.text("item"),
      Column.real("score"), Column.real("text"), Column.real("image"), Column.real("collaborative"), Column.real(
          "popularity"));

  private BatchFile() {}

  /**
   * Writes the table, whole or not at all: a row a recommendation, people in the order of {@link Recommender#users}, ranks from 1.
   *
   * @return how many people and recommendations there are
   */
  static Map<String, Object> write(Path file, Recommender recommender, Request template, Progress progress) {
    List<String> users = recommender.users();
    long[] count = new long[1];
    TableWriter.write(file, COLUMNS, rows -> recommender.recommendAll(users, template, answer -> {
      add(rows, answer);
      count[0] += answer.recommendations().size();
    }, progress));
    Map<String, Object> written = new LinkedHashMap<>();
    written.put("people", users.size());
    written.put("recommendations", count[0]);
    written.put("file", file.toString());
    return written;
  }

  private static void add(TableWriter.Rows rows, BatchAnswer answer) {
    int rank = 0;
    for (Recommendation found : answer.recommendations()) {
      rows.text(answer.user())
          .whole(++rank)
          .text(found.item())
          .real(found.score())
          .real(found.shares().text())
          .real(found.shares().image())
          .real(found.shares().collaborative())
          .real(found.shares().popularity());
    }
  }
}
