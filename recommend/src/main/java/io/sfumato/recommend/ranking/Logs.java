package io.sfumato.recommend.ranking;

/** {@code ln(1 + x)} of the numbers that features need again and again. */
final class Logs {
  private static final double[] HALVES = halves(1 << 16);

  private Logs() {}

  private static double[] halves(int count) {
    double[] logs = new double[count];
    for (int i = 0; i < count; i++) {
      logs[i] = Math.log1p(i / 2.0);
    }
    return logs;
  }

  /** {@code ln(1 + n/2)}, n being 0 or more. */
  static double log1pOfHalf(int n) {
    return n < HALVES.length ? HALVES[n] : Math.log1p(n / 2.0);
  }

  /** {@code ln(1 + n)}, n being 0 or more. */
  static double log1p(int n) {
    return n < HALVES.length / 2 ? HALVES[2 * n] : Math.log1p(n);
  }
}
