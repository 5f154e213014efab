package io.sfumato.datasets.read;

import io.sfumato.datasets.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;

/**
 * Writes a table as CSV, TSV or Parquet, as its suffix says. It is collected in memory, written beside the file and then renamed over it, so that a failure leaves what was there.
 */
public final class TableWriter {
  private TableWriter() {}

  /** What a column holds. */
  public enum Type {
    /** Texts. */
    TEXT("VARCHAR"),
    /** Whole numbers of 64 bits. */
    WHOLE("BIGINT"),
    /** Numbers in double precision. */
    REAL("DOUBLE");

    private final String sql;

    Type(String sql) {
      this.sql = sql;
    }
  }

  /** A column by its name. */
  public record Column(String name, Type type) {
    /** A column of texts. */
    public static Column text(String name) {
      return new Column(name, Type.TEXT);
    }

    /** A column of whole numbers. */
    public static Column whole(String name) {
      return new Column(name, Type.WHOLE);
    }

    /** A column of numbers in double precision. */
    public static Column real(String name) {
      return new Column(name, Type.REAL);
    }
  }

  /** Says what the rows are, cell by cell. */
  public interface Filling {
    /** Adds all rows. */
    void fill(Rows rows);
  }

  /**
   * Writes a table.
   *
   * @throws DataException {@code UNKNOWN_FORMAT} where the suffix is none of these, {@code UNWRITABLE_FILE}
   */
  public static void write(Path file, List<Column> columns, Filling filling) {
    String format = switch (SourceTable.Format.of(file)) {
      case CSV -> "FORMAT csv, HEADER true";
      case TSV -> "FORMAT csv, HEADER true, DELIMITER '\t'";
      case PARQUET -> "FORMAT parquet, COMPRESSION zstd";
      case JSONL -> "FORMAT json";
    };
    Path target = file.toAbsolutePath().normalize();
    Path beside = target.resolveSibling(target.getFileName() + ".partial-" + ProcessHandle.current().pid());
    try (DuckDb db = new DuckDb()) {
      db.execute(columns.stream()
          .map(column -> DuckDb.identifier(column.name()) + " " + column.type().sql)
          .collect(Collectors.joining(", ", "CREATE TABLE result (", ")")), file);
      db.append("result", file, appender -> {
        Rows rows = new Rows(appender, columns);
        filling.fill(rows);
        rows.finish();
      });
      db.export("COPY result TO " + DuckDb.literal(beside.toString()) + " (" + format + ")", file);
      Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new DataException("UNWRITABLE_FILE", file + " cannot be written: " + e.getMessage(), e);
    } finally {
      beside.toFile().delete();
    }
  }

  /** Takes cells, row by row from left to right. */
  public static final class Rows {
    private final DuckDBAppender appender;
    private final List<Column> columns;
    private int cell;

    private Rows(DuckDBAppender appender, List<Column> columns) {
      this.appender = appender;
      this.columns = columns;
    }

    /** A cell of a {@link Type#TEXT} column. */
    public Rows text(String value) {
      return add(Type.TEXT, () -> appender.append(value));
    }

    /** A cell of a {@link Type#WHOLE} column. */
    public Rows whole(long value) {
      return add(Type.WHOLE, () -> appender.append(value));
    }

    /** A cell of a {@link Type#REAL} column. */
    public Rows real(double value) {
      return add(Type.REAL, () -> appender.append(value));
    }

    private Rows add(Type type, Cell value) {
      Column column = columns.get(cell);
      if (column.type() != type) {
        throw new IllegalArgumentException(
            "column '%s' holds %s but was given %s".formatted(column.name(), column.type(), type));
      }
      try {
        if (cell == 0) {
          appender.beginRow();
        }
        value.append();
        cell = (cell + 1) % columns.size();
        if (cell == 0) {
          appender.endRow();
        }
      } catch (SQLException e) {
        throw new DataException("UNWRITABLE_FILE", "a row cannot be written: " + e.getMessage(), e);
      }
      return this;
    }

    private void finish() {
      if (cell != 0) {
        throw new IllegalArgumentException(
            "the last row ends after %d of %d columns".formatted(cell, columns.size()));
      }
    }
  }

  private interface Cell {
    void append() throws SQLException;
  }
}
