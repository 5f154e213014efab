package io.sfumato.recommend.evaluation.report;

import io.sfumato.recommend.evaluation.Metric;
import java.util.List;
import java.util.Locale;

/** How metrics and figures are written for people. */
final class Words {
  private Words() {}

  /** {@code NDCG}, {@code hit rate}. */
  static String name(Metric metric) {
    return switch (metric.key()) {
      case "ndcg", "map", "mrr", "auc" -> metric.key().toUpperCase(Locale.ROOT);
      case "recall", "precision" -> metric.key().substring(0, 1).toUpperCase(Locale.ROOT) + metric.key().substring(1);
      default -> capital(metric.key().replace('_', ' '));
    };
  }

  /** {@code NDCG@20}; AUC has no cut. */
  static String name(Metric metric, int k) {
    return metric.key().equals("auc") ? name(metric) : name(metric) + "@" + k;
  }

  static String capital(String text) {
    return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** Four digits. */
  static String figure(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** Three digits at most, fewer where it is large: for figures of many sizes. */
  static String rough(double value) {
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
  }

  /** With its sign. */
  static String signed(double value) {
    return String.format(Locale.ROOT, "%+.4f", value);
  }

  /** {@code 12 %}. */
  static String percent(double share) {
    return Math.round(100 * share) + " %";
  }

  /** With its sign: {@code +12 %}. */
  static String change(double share) {
    return String.format(Locale.ROOT, "%+.1f %%", 100 * share);
  }

  static String p(double p) {
    return p < 0.0001 ? "< 0.0001" : String.format(Locale.ROOT, p < 0.001 ? "%.4f" : "%.3f", p);
  }

  /** {@code p = 0.021}, {@code p < 0.0001}. */
  static String pIs(double p) {
    return p < 0.0001 ? "p < 0.0001" : "p = " + p(p);
  }

  static String plural(long n, String one) {
    return String.format(Locale.ROOT, "%,d %s%s", n, one, n == 1 ? "" : "s");
  }

  /** {@code a, b and c}. */
  static String list(List<String> names) {
    return names.size() < 2 ? String.join("", names)
        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }
}
