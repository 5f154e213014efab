package io.sfumato.recommend.audit;

import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * How a bundle is audited.
 *
 * @param confidence of all bounds together, in (½, 1)
 * @param shadows shadow models of the likelihood-ratio attack; 0 to leave it out
 * @param selfTest whether a twin is trained without noise, to see what the audit is worth
 * @param runs trainings whose guesses add up, the released one among them; more than one train again
 * @param seed of twins and shadows
 * @param utility whether twins are trained to tell what privacy cost
 * @param trusted the key that the bundle must be signed with; null for none
 */
public record AuditOptions(double confidence, int shadows, boolean selfTest, int runs, long seed, boolean utility,
    @Nullable PublicKey trusted) {

  /** 99.9 %, 64 shadows, with a self-test, one run, seed 1, no utility, no key. */
  public static final AuditOptions DEFAULT = new AuditOptions(0.999, 64, true, 1, 1, false, null);

  /** The same at another confidence. */
  public AuditOptions withConfidence(double value) {
    return new AuditOptions(value, shadows, selfTest, runs, seed, utility, trusted);
  }

  /** The same with another number of shadow models. */
  public AuditOptions withShadows(int value) {
    return new AuditOptions(confidence, value, selfTest, runs, seed, utility, trusted);
  }

  /** The same with or without a self-test. */
  public AuditOptions withSelfTest(boolean value) {
    return new AuditOptions(confidence, shadows, value, runs, seed, utility, trusted);
  }

  /** The same with another number of runs. */
  public AuditOptions withRuns(int value) {
    return new AuditOptions(confidence, shadows, selfTest, value, seed, utility, trusted);
  }

  /** The same with or without utility. */
  public AuditOptions withUtility(boolean value) {
    return new AuditOptions(confidence, shadows, selfTest, runs, seed, value, trusted);
  }

  /** The same with another key. */
  public AuditOptions withTrusted(@Nullable PublicKey value) {
    return new AuditOptions(confidence, shadows, selfTest, runs, seed, utility, value);
  }
}
