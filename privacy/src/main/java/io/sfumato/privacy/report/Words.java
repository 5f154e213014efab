package io.sfumato.privacy.report;

import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How figures and terms are written for people. */
final class Words {
  /** Instead of a figure that there is not. */
  static final String NONE = "–";

  private Words() {}

  /** Three digits or so: {@code 0.0123}, {@code 1.23}, {@code 12.3}, {@code 1,234}; scientific where it is very small or large. */
  static String figure(double value) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "unbounded" : "−unbounded";
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e7)) {
      return scientific(value);
    }
    String text = String.format(Locale.ROOT,
        size >= 1000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    return bare(text);
  }

  static String figure(@Nullable Double value) {
    return value == null ? NONE : figure(value.doubleValue());
  }

  /** Three decimals, for shares and areas that stand below each other. */
  static String share(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** {@code 1.2·10⁻⁶}. */
  private static String scientific(double value) {
    String[] parts = String.format(Locale.ROOT, "%.1e", value).split("e", -1);
    String mantissa = bare(parts[0]);
    return (mantissa.equals("1") ? "" : mantissa + "·") + power(Integer.parseInt(parts[1]));
  }

  /** {@code 10⁻⁶}. */
  static String power(int exponent) {
    StringBuilder power = new StringBuilder("10");
    for (char c : Integer.toString(exponent).toCharArray()) {
      power.append(c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0'));
    }
    return power.toString();
  }

  /** All its digits: {@code 0.0001}. */
  static String plain(double value) {
    return new java.math.BigDecimal(String.format(Locale.ROOT, "%.2e", value)).stripTrailingZeros().toPlainString();
  }

  /** Keeps figures on one line with their signs and units. */
  static String tied(String text) {
    return text.replaceAll("(?<=[εδα]) (?=[=≥≤])|(?<=[=≥≤]) (?=[\\d])|(?<=\\d) (?=%)", "\u00a0");
  }

  private static String bare(String text) {
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** {@code 99.9 %}. */
  static String percent(double share) {
    return bare(String.format(Locale.ROOT, "%.2f", 100 * share)) + " %";
  }

  /** {@code 1 in 1,000,000}. */
  static String oneIn(double probability) {
    double in = 1 / probability;
    if (in >= 1e15 || in < 10) {
      return figure(probability);
    }
    double unit = Math.pow(10, Math.floor(Math.log10(in)) - 2);
    return "1 in " + String.format(Locale.ROOT, "%,.0f", Math.rint(in / unit) * unit);
  }

  /** {@code 1 canary}, {@code 3 canaries}. */
  static String plural(long n, String one, String many) {
    return count(n) + " " + (n == 1 ? one : many);
  }

  static String capital(String text) {
    return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** With a capital at its start and a full stop at its end. */
  static String sentence(String text) {
    String first = text.strip().split(" ", 2)[0];
    String capital = first.matches(".*[/._].*") ? text.strip() : capital(text.strip());
    return capital.isEmpty() || ".!?…:".indexOf(capital.charAt(capital.length() - 1)) >= 0 ? capital : capital + ".";
  }

  /** {@code a, b and c}. */
  static String list(List<String> names) {
    return names.size() < 2 ? String.join("", names)
        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }

  static String relation(Neighbouring relation) {
    return relation == Neighbouring.ADD_REMOVE ? "add or remove" : "replace";
  }

  /** Whom a claim hides, for a sentence. */
  static String unit(PrivacyUnit unit) {
    return unit == PrivacyUnit.USER ? "person" : "record";
  }
}
