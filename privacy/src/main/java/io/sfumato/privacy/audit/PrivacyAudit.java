package io.sfumato.privacy.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Attacks a model and holds what the attacks find out against what it claims.
 *
 * <ol>
 * <li><b>Canaries.</b> The guesses of each attack on planted canaries give a lower bound on ε ({@link OneRunBound}), and are held against the claim's whole curve ({@link CurveOneRunBound}), which fewer of them
 * refute. Before they are looked at the audit says its ceiling; a claim above it can be refuted by its curve alone, if at all. Guesses of several runs add up where a subject can train again.
 * <li><b>Self-test.</b> The same attacks on a twin without noise must reach 80 % of the ceiling. An audit that finds nothing there would find nothing anywhere.
 * <li><b>Membership.</b> Who was trained on, told by loss and by {@link OfflineLira}, as areas and true positive rates, against the area that the claim allows.
 * </ol>
 *
 * <p>There are four families of tests: bounds on ε, tests of the curve, areas under ROC curves of canaries, and of those whose membership is known. {@code confidence} is that of each family, divided evenly over its
 * members (Bonferroni), so that an honest claim is called refuted with probability {@code 4(1 − confidence)} at most, and much less by simulation. The first two take nothing for granted but fair coins; the limit of an area
 * takes units for independent of one another once it is known who is in.
 *
 * <p>Findings, by their codes:
 *
 * <ul>
 * <li>red {@code CLAIM_REFUTED}: canaries' guesses are right more often than the claim allows; red {@code AUC_ABOVE_CLAIM}: so is an area
 * <li>yellow {@code AUDIT_TOO_WEAK}: no attack passed its self-test; {@code ATTACK_TOO_WEAK}: one did not, another did; {@code NO_SELF_TEST}: it was left out
 * <li>yellow {@code CLAIM_ABOVE_CEILING}: so many guesses could not refute so large a claim, were all of them right
 * <li>yellow {@code NO_EVIDENCE}: there was nobody to attack; {@code NO_CANARIES}: there were no canaries
 * <li>green {@code NO_EVIDENCE_AGAINST}: attacks found nothing that the claim does not allow, and those on canaries are known to work
 * </ul>
 *
 * A model that claims nothing is attacked all the same, but there is nothing to hold the figures against.
 *
 * <p>Immutable; an audit may be run on many subjects, one at a time each.
 */
public final class PrivacyAudit {
  /** Share of the ceiling that the attack on a twin without noise must reach. */
  public static final double STRONG_SHARE = 0.8;

  private final Builder options;

  private PrivacyAudit(Builder options) {
    this.options = options;
  }

  /** An audit of a model that claims nothing, until {@link Builder#claim} says otherwise. */
  public static Builder builder() {
    return new Builder();
  }

  /** Runs all attacks that the subject has something for. */
  public AuditEvidence run(AuditSubject subject) {
    SplittableRandom random = new SplittableRandom(options.seed);
    List<Finding> findings = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<CanaryEvidence> canaries = new CanaryAudit(options, subject, random.split()).run(findings, missing);
    List<MembershipEvidence> memberships = new MembershipAudit(options, subject, random.split()).run(findings, missing);
    findings.addAll(Verdicts.of(options.claim, options.selfTest, canaries, memberships, List.copyOf(findings)));
    AuditClaim claim = options.claim;
    Evidence evidence = new Evidence(canaries, memberships,
        claim == null ? List.of() : AllowedRoc.points(claim.curve()),
        claim == null ? 1 : claim.curve().maxAuc(), missing);
    return new AuditEvidence(evidence, findings);
  }

  /** Options of an audit. Not thread-safe. */
  public static final class Builder {
    @Nullable
    AuditClaim claim;
    double delta = 1e-5;
    double confidence = 0.999;
    int shadows = 64;
    int runs = 1;
    boolean selfTest = true;
    long seed = 1;
    AuditListener listener = AuditListener.SILENT;

    private Builder() {}

    /** What the evidence is held against; null for nothing. */
    public Builder claim(@Nullable AuditClaim value) {
      claim = value;
      return this;
    }

    /** δ of the bounds on a model that claims nothing; 1e-5 by default. A claim brings its own. */
    public Builder delta(double value) {
      if (!(value > 0 && value < 1)) {
        throw new IllegalArgumentException("delta must be in (0, 1) but was " + value);
      }
      delta = value;
      return this;
    }

    /** Confidence of all bounds together, in (½, 1); 0.999 by default. */
    public Builder confidence(double value) {
      OneRunBound.significance(value);
      confidence = value;
      return this;
    }

    /** Shadow models of the likelihood-ratio attack; 64 by default, 0 to leave it out. */
    public Builder shadows(int value) {
      if (value < 0 || value == 1) {
        throw new IllegalArgumentException("shadow models must be 2 or more, or 0 for none, but were " + value);
      }
      shadows = value;
      return this;
    }

    /** Runs whose guesses add up, the released one among them; 1 by default. More than that train again. */
    public Builder runs(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("runs must be 1 or more but were " + value);
      }
      runs = value;
      return this;
    }

    /** Whether a twin is trained without noise; true by default. Without it the audit does not know what it is worth. */
    public Builder selfTest(boolean value) {
      selfTest = value;
      return this;
    }

    /** Seed of twins and shadows; 1 by default. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Hears how far the audit is. */
    public Builder listener(AuditListener value) {
      listener = value;
      return this;
    }

    /** The audit. */
    public PrivacyAudit build() {
      Builder copy = new Builder();
      copy.claim = claim;
      copy.delta = claim == null ? delta : claim.delta();
      copy.confidence = confidence;
      copy.shadows = shadows;
      copy.runs = runs;
      copy.selfTest = selfTest;
      copy.seed = seed;
      copy.listener = listener;
      return new PrivacyAudit(copy);
    }
  }
}
