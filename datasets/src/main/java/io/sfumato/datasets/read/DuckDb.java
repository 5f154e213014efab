package io.sfumato.datasets.read;

import io.sfumato.datasets.DataException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.Properties;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * One private, in-memory DuckDB: it owns native memory until it is closed, and belongs to one thread. It never installs or loads an extension, so it
 * never goes to the network. Names and texts get into SQL through {@link #identifier} and {@link #literal} alone.
 */
final class DuckDb implements AutoCloseable {
  private final Connection connection;

  /** Called for each row of a result. */
  interface RowConsumer {
    void accept(ResultSet row) throws SQLException;
  }

  /** Adds rows to a table. */
  interface Filling {
    void fill(DuckDBAppender appender) throws SQLException;
  }

  DuckDb() {
    Properties settings = new Properties();
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("threads", String.valueOf(Math.min(4, Runtime.getRuntime().availableProcessors())));
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:", settings);
    } catch (SQLException e) {
      throw new DataException("ENGINE", "DuckDB does not start on this machine: " + firstLine(e), e);
    }
    execute("SET TimeZone = 'UTC'", "DuckDB");
  }

  /** Runs a statement without a result; {@code what} is the file that a failure is about. */
  void execute(String sql, Object what) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw unreadable(what, e);
    }
  }

  /** Fills a table of this database with rows of VARCHARs; null is NULL. */
  void fill(String table, Iterator<@Nullable String[]> rows, Object what) {
    append(table, what, appender -> {
      while (rows.hasNext()) {
        appender.beginRow();
        for (String cell : rows.next()) {
          appender.append(cell);
        }
        appender.endRow();
      }
    });
  }

  /** Fills a table of this database. */
  void append(String table, Object what, Filling filling) {
    try (DuckDBAppender appender = connection.unwrap(DuckDBConnection.class).createAppender(table)) {
      filling.fill(appender);
    } catch (SQLException e) {
      throw unwritable(what, e);
    }
  }

  /** Runs a statement that writes a file. */
  void export(String sql, Object what) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw unwritable(what, e);
    }
  }

  /** Runs a query and passes its rows on, one at a time. */
  void query(String sql, Object what, RowConsumer rows) {
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.accept(result);
      }
    } catch (SQLException e) {
      throw unreadable(what, e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new DataException("ENGINE", "DuckDB does not close: " + firstLine(e), e);
    }
  }

  /** A text as an SQL literal. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A name as a quoted SQL identifier. */
  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static DataException unwritable(Object what, SQLException e) {
    return new DataException("UNWRITABLE_FILE", what + " cannot be written: " + firstLine(e), e);
  }

  private static DataException unreadable(Object what, SQLException e) {
    return new DataException("UNREADABLE_FILE", what + " cannot be read: " + firstLine(e), e);
  }

  private static String firstLine(SQLException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }
}
