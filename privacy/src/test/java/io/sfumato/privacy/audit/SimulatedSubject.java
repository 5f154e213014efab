package io.sfumato.privacy.audit;

import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * A mechanism in a few lines instead of a model: everybody has a coordinate, released by {@link Simulated}'s Gaussians. Its noise can be falsified.
 *
 * @param noise 1 for an honest one; what the noise is scaled by behind the ledger's back
 * @param planted how many were planted
 * @param people how many are told apart, half of them in
 * @param blind whether its attack looks at nothing
 * @param again whether it can be trained again
 */
record SimulatedSubject(double noise, int planted, int people, boolean blind, boolean again,
    List<String> asked) implements AuditSubject {

  static final double SIGMA = 6;
  static final double STEP_SIGMA = 2.5;
  static final double RATE = 0.2;
  static final int STEPS = 10;

  static SimulatedSubject of(double noise) {
    return new SimulatedSubject(noise, 1000, 2000, false, false, new ArrayList<>());
  }

  SimulatedSubject withCanaries(int other) {
    return new SimulatedSubject(noise, other, people, blind, again, asked);
  }

  SimulatedSubject withPeople(int other) {
    return new SimulatedSubject(noise, planted, other, blind, again, asked);
  }

  SimulatedSubject blinded() {
    return new SimulatedSubject(noise, planted, people, true, again, asked);
  }

  SimulatedSubject repeatable() {
    return new SimulatedSubject(noise, planted, people, blind, true, asked);
  }

  /** What an honest one keeps: ε near 1.33 at δ = 1e-5. */
  static AuditClaim claim() {
    return AuditClaim.of(List.of(Phase.of(SIGMA, 1, 1), Phase.of(STEP_SIGMA, RATE, STEPS)), 1e-5, PrivacyUnit.USER);
  }

  @Override
  public List<CanaryScores> canaries() {
    asked.add("canaries");
    return scores(noise, 11);
  }

  @Override
  public List<CanaryScores> canariesWithoutNoise(long seed) {
    asked.add("twin");
    return scores(0, seed);
  }

  @Override
  public List<CanaryScores> canariesAgain(long seed) {
    asked.add("again");
    return again ? scores(noise, seed) : List.of();
  }

  private List<CanaryScores> scores(double scale, long seed) {
    if (planted == 0) {
      return List.of();
    }
    SplittableRandom random = new SplittableRandom(seed);
    CanaryScores seen = Simulated.canaries(planted, SIGMA * scale, STEP_SIGMA * scale, RATE, STEPS, random);
    double[] unseen = random.doubles(planted).toArray();
    return List
        .of(new CanaryScores("gradient-space", "All that was released.", blind ? unseen : seen.scores(), seen.in()));
  }

  @Override
  public List<MembershipScores> memberships() {
    asked.add("memberships");
    return people == 0 ? List.of() : List.of(membership(noise, 12));
  }

  @Override
  public List<MembershipScores> shadow(long seed) {
    asked.add("shadow");
    return List.of(membership(1, seed));
  }

  /** What a person is known by is blurred by what the person is like, which is the same in every model. */
  private MembershipScores membership(double scale, long seed) {
    CanaryScores scores = Simulated.canaries(people, SIGMA * scale, STEP_SIGMA * scale, RATE, STEPS,
        new SplittableRandom(seed));
    Random likes = new Random(3);
    double[] blurred = new double[people];
    for (int i = 0; i < people; i++) {
      blurred[i] = scores.scores()[i] + 0.05 * likes.nextGaussian();
    }
    return new MembershipScores("user", blurred, scores.in());
  }

  @Override
  public void close() {}
}
