package io.sfumato.datasets.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.DataException;
import io.sfumato.datasets.read.TableWriter.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static List<String> rows(Path file) {
    List<String> rows = new ArrayList<>();
    RunFile.read(file, (user, item, value) -> rows.add(user + " " + item + " " + value));
    return rows;
  }

  @Test
  void ranksWithColumnsInAnyOrder() throws IOException {
    assertThat(rows(file("run.csv", "item_id,rank,score,user_id\ni1,2,9.5,a\ni2,1,9.1,a\n"))).containsExactly(
        "a i1 -2.0", "a i2 -1.0");
  }

  @Test
  void quotedCellsMayHaveCommasAndLineBreaks() throws IOException {
    assertThat(rows(file("run.csv", "user_id,item_id,rank\n\"Doe, J\",\"say \"\"hi\"\"\",1\n\"two\nlines\",x,2\n")))
        .containsExactly("Doe, J say \"hi\" -1.0", "two\nlines x -2.0");
  }

  @Test
  void scoresStandInForRanks() throws IOException {
    assertThat(rows(file("run.tsv", "user_id\titem_id\tscore\na\ti1\t-0.25\na\ti2\t1e-3\n"))).containsExactly(
        "a i1 -0.25", "a i2 0.001");
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    Path none = file("run.csv", "user_id,item_id,place\na,i1,1\n");
    assertThatThrownBy(() -> rows(none)).isInstanceOfSatisfying(DataException.class,
        e -> assertThat(e.code()).isEqualTo("MISSING_COLUMN"))
        .hasMessageContaining("no column 'rank' and no column 'score'")
        .hasMessageContaining("place");
    assertThatThrownBy(() -> rows(folder.resolve("absent.csv"))).hasMessageContaining("there is no file");
  }

  @Test
  void aBadValueIsNamedWithItsRecord() throws IOException {
    for (String cell : List.of("first", "1.5", "0", "", "inf")) {
      Path bad = file("bad.csv", "user_id,item_id,rank\na,i1,1\na,i2," + cell + "\n");
      assertThatThrownBy(() -> rows(bad)).isInstanceOfSatisfying(DataException.class,
          e -> assertThat(e.code()).isEqualTo("BAD_VALUE"))
          .hasMessageContaining("record 2: rank must be a whole number from 1 on but was '" + cell + "'");
    }
    Path nobody = file("nobody.csv", "user_id,item_id,score\n,i1,1\n");
    assertThatThrownBy(() -> rows(nobody)).hasMessageContaining("record 1: user_id must not be empty");
    Path narrow = file("narrow.csv", "user_id,item_id,rank\na,i1,1\na,i2\n");
    assertThatThrownBy(() -> rows(narrow)).hasMessageContaining("rows that its format does not allow")
        .hasMessageContaining("narrow.csv:3");
  }

  @Test
  void tablesAreWrittenAndReadAgain() {
    List<Column> columns = List.of(Column.text("user_id"), Column.text("item_id"), Column.whole("rank"),
        Column.real("odd, name"));
    for (String name : List.of("run.parquet", "run.csv", "run.tsv", "run.jsonl")) {
      Path file = folder.resolve(name);
      TableWriter.write(file, columns, rows -> rows.text("a,\"b\"")
          .text("i1")
          .whole(1)
          .real(0.1)
          .text("c")
          .text("i2")
          .whole(7)
          .real(Double.MIN_VALUE));
      assertThat(rows(file)).containsExactly("a,\"b\" i1 -1.0", "c i2 -7.0");
    }
  }

  @Test
  void aTableThatFailsLeavesWhatWasThere() throws IOException {
    Path file = file("kept.csv", "old");
    List<Column> columns = List.of(Column.text("a"), Column.real("b"));
    assertThatThrownBy(() -> TableWriter.write(file, columns, rows -> rows.text("x").text("y")))
        .hasMessageContaining("column 'b' holds REAL but was given TEXT");
    assertThatThrownBy(() -> TableWriter.write(file, columns, rows -> rows.text("x")))
        .hasMessageContaining("the last row ends after 1 of 2 columns");
    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryContaining("glob:**kept.csv");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
    assertThatThrownBy(() -> TableWriter.write(folder.resolve("x.xls"), columns, rows -> {}))
        .hasMessageContaining("not known by its suffix");
  }
}
