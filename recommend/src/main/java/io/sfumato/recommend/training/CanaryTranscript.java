package io.sfumato.recommend.training;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a private training released at the canaries, release by release, as whoever trained it could see: an adversary who knows all people but the canaries and reads every release, not the finished model alone. That is
 * whom a promise of differential privacy must withstand.
 *
 * <p>As secret as the canaries' coins.
 *
 * @param releases in the order of the ledger
 */
public record CanaryTranscript(List<Noted> releases) {
  public CanaryTranscript {
    releases = List.copyOf(releases);
  }

  /**
   * One release. The array is handed over, not copied.
   *
   * @param what was released
   * @param scores by canary: the released values less what real people put there, along the canary's own contribution, in units of it: 0 in the mean where it was out, 1 where it was in
   * @param deviation standard deviation that the noise in a score has if the ledger tells the truth; above 0
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Noted(String what, double[] scores, double deviation) {
    /**
     * Standard deviation that the noise in a score really had: root mean square of the scores of the canaries that were out, of which nothing but noise was released (and what canaries that share their items left,
     * which makes it a little larger).
     *
     * @param canaries in the order of {@link #scores}
     * @return NaN where none was out
     */
    public double measuredDeviation(List<Canary> canaries) {
      return Math.sqrt(IntStream.range(0, scores.length)
          .filter(canary -> !canaries.get(canary).in())
          .mapToDouble(canary -> scores[canary] * scores[canary])
          .average()
          .orElse(Double.NaN));
    }
  }

  /**
   * All releases in one score: their sum, each weighted as its log-likelihood ratio is under the noise that the ledger states, {@code score / deviation²}.
   *
   * @return by canary; the higher, the more likely in
   */
  public double[] combined() {
    double[] sum = new double[releases.isEmpty() ? 0 : releases.getFirst().scores().length];
    for (Noted noted : releases) {
      for (int canary = 0; canary < sum.length; canary++) {
        sum[canary] += noted.scores()[canary] / (noted.deviation() * noted.deviation());
      }
    }
    return sum;
  }
}
