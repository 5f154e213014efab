package io.sfumato.recommend.evaluation;

/**
 * An interval that covers the true value with a given confidence.
 *
 * @param low lower end
 * @param high upper end, at least {@code low}
 */
public record Interval(double low, double high) {
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("an interval must not end before it begins but was [%s, %s]".formatted(low,
          high));
    }
  }
}
