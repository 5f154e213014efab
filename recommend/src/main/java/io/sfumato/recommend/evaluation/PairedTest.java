package io.sfumato.recommend.evaluation;

/**
 * The subject of a report against one other system.
 *
 * @param subject what is tested
 * @param other what it is tested against
 * @param metric of what
 * @param k at which cut
 * @param difference the mean over users of subject − other
 * @param interval of the difference, by bootstrap over users
 * @param p two-sided, by {@link Significance#paired}
 * @param holm the same after Holm's correction over all other systems at this metric and cut
 */
public record PairedTest(String subject, String other, Metric metric, int k, double difference, Interval interval,
    double p, double holm) {
  public PairedTest {
    if (!(p > 0 && p <= 1 && holm >= p && holm <= 1)) {
      throw new IllegalArgumentException(
          "p must be in (0, 1] and not above its correction but they were %s and %s".formatted(p, holm));
    }
  }
}
