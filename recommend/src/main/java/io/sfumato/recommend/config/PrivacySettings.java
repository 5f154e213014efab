package io.sfumato.recommend.config;

import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What training may reveal of the people whose interactions it learns from, and how it goes about it. None of these settings may be chosen by looking
 * at the private data: the defaults come from generated shops.
 *
 * @param epsilon ε that everything ever released of the data may spend together, above 0; null to train without privacy
 * @param delta δ in (0, 1); below one over the number of people, or the promise means little
 * @param unit what is hidden: {@code user}, all that one person did, or {@code record}, one interaction
 * @param clip how a person's gradient is bounded: {@code flat}, {@code layer}, {@code auto} or {@code adaptive}
 * @param clipNorm the bound, above 0; where it is adaptive, its start
 * @param maxPerUser the most training items of a person that count, 2 to 10,000
 * @param samplingRate probability that a person takes part in a step, in (0, 1]
 * @param steps steps of the fusion's training, at least 1
 * @param publicUsers a public guess at how many people there are: a step's sum is divided by sampling rate times this number
 * @param negatives items of the catalogue that a person's items are to be told from in a step, at least 1
 * @param learningRate peak rate of the private steps
 * @param popularityShare by which share of the ε that is left it may grow with the popularity counts, above 0
 * @param gramShare by which share it may grow further with the item-item matrix, at least 0, and below 1 together; 0 for no matrix
 * @param noise {@code secure}, or {@code seeded} for tests, which protects nobody
 * @param seed of seeded noise; null where it is secure
 * @param microbatches whether a module whose layers have no per-example rule is trained person by person, which is slow
 */
public record PrivacySettings(@Nullable Double epsilon, double delta, String unit, String clip, double clipNorm,
    int maxPerUser, double samplingRate, long steps, double publicUsers, int negatives, double learningRate,
    double popularityShare, double gramShare, String noise, @Nullable Long seed,
    boolean microbatches) {
  public PrivacySettings {
    if (epsilon != null) {
      Check.within("privacy.epsilon", epsilon, 1e-4, 1e4);
    }
    Check.within("privacy.delta", delta, 1e-15, 0.5);
    Check.oneOf("privacy.unit", unit, List.of("user", "record"));
    Check.oneOf("privacy.clip", clip, List.of("flat", "layer", "auto", "adaptive"));
    Check.within("privacy.clip-norm", clipNorm, 1e-6, 1e6);
    Check.within("privacy.max-per-user", maxPerUser, 2, 10_000);
    Check.within("privacy.sampling-rate", samplingRate, 1e-6, 1.0);
    Check.within("privacy.steps", steps, 1, 10_000_000);
    Check.within("privacy.public-users", publicUsers, 1.0, 1e10);
    Check.within("privacy.negatives", negatives, 1, 10_000_000);
    Check.within("privacy.learning-rate", learningRate, 0.0, 10.0);
    Check.within("privacy.popularity-share", popularityShare, 1e-6, 0.99);
    Check.within("privacy.gram-share", gramShare, 0.0, 0.99);
    Check.within("privacy.popularity-share and privacy.gram-share together", popularityShare + gramShare, 0.0, 0.99);
    Check.oneOf("privacy.noise", noise, List.of("secure", "seeded"));
    if (noise.equals("seeded") == (seed == null)) {
      throw new ConfigException("BAD_VALUE", "privacy.seed",
          "privacy.seed goes with privacy.noise seeded and with nothing else, but they were %s and %s; noise that protects people has no seed"
              .formatted(seed, noise));
    }
  }

  /** Whether there is a budget. */
  public boolean enabled() {
    return epsilon != null;
  }

  /** The same without a budget. */
  public PrivacySettings withoutBudget() {
    return new PrivacySettings(null, delta, unit, clip, clipNorm, maxPerUser, samplingRate, steps, publicUsers,
        negatives, learningRate, popularityShare, gramShare, noise, seed, microbatches);
  }

  /** What is hidden. */
  public PrivacyUnit privacyUnit() {
    return PrivacyUnit.of(unit);
  }

  /**
   * The relation that the claim refers to: a person more or less, or, where records are hidden, one interaction more or less, which exchanges what a
   * group of interactions contributes.
   */
  public Neighbouring neighbouring() {
    return privacyUnit() == PrivacyUnit.USER ? Neighbouring.ADD_REMOVE : Neighbouring.REPLACE;
  }

  /** The budget. @throws IllegalStateException where there is none */
  public PrivacyBudget budget() {
    if (epsilon == null) {
      throw new IllegalStateException("privacy.epsilon is not set: there is no budget");
    }
    return new PrivacyBudget(epsilon, delta, neighbouring());
  }
}
