package io.sfumato.recommend.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How figures and tables are written for people. */
final class Text {
  private static final int WIDTH = 100;

  private Text() {}

  /** {@code 0.4 s}, {@code 12 s}, {@code 3 min 12 s}. */
  static String seconds(double seconds) {
    if (seconds < 9.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 60 ? whole + " s" : "%d min %02d s".formatted(whole / 60, whole % 60);
  }

  /** {@code 812 B}, {@code 12.3 MiB}. */
  static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }

  /** A figure of a metric: four digits. */
  static String metric(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  static String cut(String text, int width) {
    return text.codePointCount(0, text.length()) <= width ? text
        : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
  }

  /** A sentence in lines of at most 100 columns, with a line break at the end. */
  static String wrap(String sentence) {
    StringBuilder text = new StringBuilder();
    int column = 0;
    for (String word : sentence.split(" ", -1)) {
      int width = word.codePointCount(0, word.length());
      if (column > 0 && column + 1 + width > WIDTH) {
        text.append('\n');
        column = 0;
        if (sentence.startsWith("- ")) {
          text.append("  ");
          column = 2;
        }
      } else if (column > 0) {
        text.append(' ');
        column++;
      }
      text.append(word);
      column += width;
    }
    return text.append('\n').toString();
  }

  /** Rows in columns as wide as they need: a heading, a rule, the rows. A column whose heading begins with a space is set to the right. */
  static String table(List<String> heading, List<List<String>> rows) {
    int[] widths = new int[heading.size()];
    List<List<String>> all = new ArrayList<>(rows);
    all.addFirst(heading);
    for (List<String> row : all) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row.get(c).strip().codePointCount(0, row.get(c).strip().length()));
      }
    }
    StringBuilder text = new StringBuilder();
    line(text, heading, heading, widths);
    for (int c = 0; c < widths.length; c++) {
      text.append(c == 0 ? "" : "  ").append("─".repeat(widths[c]));
    }
    text.append('\n');
    rows.forEach(row -> line(text, heading, row, widths));
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> heading, List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String cell = row.get(c).strip();
      String pad = " ".repeat(widths[c] - cell.codePointCount(0, cell.length()));
      line.append(c == 0 ? "" : "  ").append(heading.get(c).startsWith(" ") ? pad + cell : cell + pad);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /** Names and values in two columns. */
  static String facts(List<List<String>> facts) {
    int width = facts.stream().mapToInt(fact -> fact.getFirst().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    facts.forEach(fact -> text.append(fact.get(0))
        .append(" ".repeat(width + 2 - fact.get(0).length()))
        .append(fact.get(1))
        .append('\n'));
    return text.toString();
  }
}
