package io.sfumato.privacy.training;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.accounting.Calibration;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyProfile;
import io.sfumato.privacy.audit.Auc;
import io.sfumato.privacy.audit.CanaryScores;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A membership attack on planted users: each has a random vector, nearly orthogonal to all others, and a random label,
 * so that nothing but having been trained on tells a user's loss; each is in by a fair coin. The attack scores a user
 * by how far his loss has fallen.
 *
 * @param users planted, m
 * @param dimension of their vectors; the interference of others is √(m/2/dimension) of the signal
 * @param rate Poisson sampling rate q
 * @param steps T
 * @param epsilon what the noise is calibrated for
 * @param delta likewise
 */
record LossGapAttack(int users, int dimension, double rate, int steps, double epsilon, double delta) {

  /** Below every gradient's length while margins are below 2, so that every user always counts fully. */
  private static final double CLIP = 0.1;

  /** Noise multiplier that the accountant asks for. */
  double sigma() {
    return Calibration.create().sigma(rate, steps, epsilon, delta);
  }

  /** The profile of what was claimed: training with {@link #sigma()}. */
  PrivacyProfile claimed() {
    return PldAccountant.create()
        .compose(List.of(Phase.of(sigma(), rate, steps)));
  }

  /**
   * Trains once and attacks.
   *
   * @param noiseScale what the noise multiplier is falsified by: 1 for an honest run, 0 for none
   * @param seed of users, coins, sampling and noise
   */
  Auc run(double noiseScale, long seed) {
    CanaryScores scores = run(noiseScale, seed, seed + 1);
    return Auc.of(scores.scores(), scores.in());
  }

  /**
   * Trains once and attacks.
   *
   * @param noiseScale as above
   * @param who seed of the users
   * @param seed of coins, sampling and noise
   */
  CanaryScores run(double noiseScale, long who, long seed) {
    SplittableRandom people = new SplittableRandom(who);
    SplittableRandom random = new SplittableRandom(seed);
    float[][] vectors = new float[users][dimension];
    float[] labels = new float[users];
    boolean[] in = new boolean[users];
    for (int user = 0; user < users; user++) {
      for (int i = 0; i < dimension; i++) {
        vectors[user][i] = (people.nextBoolean() ? 1 : -1) / (float) Math.sqrt(dimension);
      }
      labels[user] = people.nextBoolean() ? 1 : -1;
      in[user] = random.nextBoolean();
    }
    int[] members = IntStream.range(0, users).filter(user -> in[user]).toArray();
    PoissonSampler sampler = new PoissonSampler(members.length, rate, random.split());
    try (Linear model = new Linear("model", dimension, 1, false, new Init(1, 1e-6));
        PrivateStep step = PrivateStep.builder(model.parameters())
            .sensitivity(Sensitivity.user(1))
            .clipping(Clipping.flat(CLIP))
            .sigma(sigma() * noiseScale)
            .expectedUnits(rate * users / 2)
            .noise(NoiseGenerator.seeded(seed))
            .build()) {
      double learningRate = rate * users / 2 / (CLIP * rate * steps); // a member's own margin ends near 1
      for (int t = 0; t < steps; t++) {
        int[] drawn = Arrays.stream(sampler.next()).map(i -> members[i]).toArray();
        try (Scope scope = TensorRuntime.get().scope()) {
          if (drawn.length > 0) {
            Tape tape = step.tape(scope, drawn.length);
            step.accumulate(scope, tape, losses(scope, model, vectors, labels, drawn, tape).sum());
          }
          Map<Parameter, NDArray> gradient = step.release(scope);
          Parameter weight = model.parameters().getFirst();
          float[] g = Objects.requireNonNull(gradient.get(weight)).toFloatArray();
          float[] w = weight.toArray();
          for (int i = 0; i < w.length; i++) {
            w[i] -= (float) (learningRate * g[i]);
          }
          weight.set(w);
        }
      }
      try (Scope scope = TensorRuntime.get().scope()) {
        int[] all = IntStream.range(0, users).toArray();
        float[] after = losses(scope, model, vectors, labels, all, null).toFloatArray();
        double[] gaps = IntStream.range(0, users).mapToDouble(user -> Math.log(2) - after[user]).toArray(); // all losses were log 2
        return new CanaryScores("black-box", "By how far the loss fell.", gaps, in);
      }
    }
  }

  /** Logistic losses, [n, 1]. */
  private static NDArray losses(Scope scope, Linear model, float[][] vectors, float[] labels, int[] drawn,
      @Nullable Tape tape) {
    float[][] rows = Arrays.stream(drawn).mapToObj(user -> vectors[user]).toArray(float[][]::new);
    float[] signs = new float[drawn.length];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = -labels[drawn[i]];
    }
    NDArray z = model.forward(scope, scope.matrix(rows), tape);
    return z.mul(scope.floats(signs, signs.length, 1)).exp().add(1).log();
  }
}
