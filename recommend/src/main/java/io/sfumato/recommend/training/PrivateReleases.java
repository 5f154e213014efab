package io.sfumato.recommend.training;

import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.recommend.collaborative.LeadingDirections;
import io.sfumato.recommend.collaborative.PrivateGram;
import io.sfumato.recommend.collaborative.PrivateStatistics;
import io.sfumato.recommend.collaborative.PrivateStatistics.Weighting;
import io.sfumato.recommend.config.PrivacySettings;
import io.sfumato.recommend.config.SfumatoConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The statistics that a private training releases before its first step: popularity counts and the item-item matrix, or what of it stands out of its noise. Where a training is resumed, those
 * that were released are read again: releasing them once more would cost once more.
 *
 * <p>What the second part of the budget buys is told by what the first released: the matrix where there are people enough for it to stand out of its noise, else popularity counts once more, with little
 * noise. Either has the same noise multiplier, so that what is spent does not depend on which it is (adaptive composition of Gaussian mechanisms).
 *
 * @param ledger with these releases at the end
 * @param begun number of entries of the ledger before them
 * @param counts noisy numbers of users, by item
 * @param directions of the item-item matrix; null where there is none
 * @param released what each of these entries commits to, in their order; empty where there was no noise
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record PrivateReleases(PrivacyLedger ledger, int begun, float[] counts, @Nullable LeadingDirections directions,
    List<ReleasedTensors> released) {

  private static final Logger LOG = LoggerFactory.getLogger(PrivateReleases.class);

  /** The least share of the budget that a training begins with. */
  private static final double LEAST_SHARE = 0.01;
  private static final int DIRECTIONS = 256;
  /** The matrix is made where its trace is at least so many times the largest eigenvalue of its noise: below, hardly a direction stands out. Found on generated shops. */
  private static final double TRACE_OVER_NOISE = 30;
  private static final String COUNTS = "counts.safetensors";
  private static final String MATRIX = "directions.safetensors";
  private static final String RELEASED = "released";
  private static final String LEDGER = "ledger.json";

  /** Releases that are not kept, such as those of a model that is scored and thrown away. */
  PrivateReleases(PrivacyLedger ledger, int begun, float[] counts, @Nullable LeadingDirections directions) {
    this(ledger, begun, counts, directions, List.of());
  }

  /**
   * Refuses to go on where nothing is left of the budget.
   *
   * @throws PrivacyException {@code BUDGET_EXHAUSTED}
   */
  static void requireRoom(PrivacyLedger before, PrivacyBudget budget) {
    double spent = before.phases().isEmpty() ? 0 : budget.spent(before.phases());
    if (spent > (1 - LEAST_SHARE) * budget.epsilon()) {
      throw new PrivacyException("BUDGET_EXHAUSTED", String.format(Locale.ROOT,
          "epsilon %.4f of %s at delta %s is spent by what the bundle has released already; raise --epsilon, or write a bundle of other people's interactions elsewhere",
          spent, budget.epsilon(), budget.delta()));
    }
  }

  /**
   * Releases the statistics within their shares of what is left of the budget.
   *
   * @param noise what becomes of the noise, and of canaries
   * @param kept directory to read them from where they were released already, and to keep them in; null for none
   */
  static PrivateReleases make(SfumatoConfig config, Interactions train, PrivacyLedger before, PrivateNoise noise,
      @Nullable Path kept, Progress progress) {
    if (kept != null && Files.exists(kept.resolve(LEDGER))) {
      return read(kept, before);
    }
    PrivacySettings settings = config.privacy();
    PrivacyBudget budget = settings.budget();
    PrivateStatistics statistics = PrivateStatistics.of(train, settings.maxPerUser(), settings.privacyUnit(),
        config.seed());
    boolean withMatrix = withMatrix(config, train.itemCount());
    NoisePlan plan = NoisePlan.of(config, before, withMatrix);
    TranscriptNotes notes = noise.notes(plan);
    progress.start("private statistics", withMatrix ? 2 : 1);
    PrivateStatistics.Counts counts = noise.told(
        statistics.popularity(noise.scaled(plan.popularity()), noise.generator()), plan.popularity());
    if (notes != null) {
      notes.counts(statistics, counts, plan.popularity());
    }
    List<ReleasedTensors> released = new ArrayList<>();
    PrivacyLedger ledger = before.append(committed(counts, released));
    progress.advance(1, note(ledger, budget, noise.stated()));
    LeadingDirections directions = null;
    float[] known = counts.counts();
    if (withMatrix) {
      double second = plan.second();
      double deviation = noise.scaled(second) * statistics.gramSensitivity(Weighting.UNIT);
      if (!noise.stated() || standsOut(known, settings.maxPerUser(), deviation)) {
        PrivateGram gram = statistics.gram(Weighting.UNIT, noise.scaled(second), noise.generator(),
            config.collaborative().easeItems());
        if (notes != null) {
          notes.gram(statistics, gram, second);
        }
        directions = gram.leading(DIRECTIONS, config.seed());
        Release told = noise.told(gram.release(), second);
        if (gram.deviation() > 0) {
          // The matrix itself is not kept: its entry commits to what is made of it, all that leaves this method.
          released.add(directions.released());
          told = told.withWeights(released.getLast().sha256());
        }
        ledger = ledger.append(told);
        LOG.info("item-item matrix: {} directions stand out of the noise", directions.count());
      } else {
        LOG.info("too few people for an item-item matrix to stand out of its noise: popularity is counted once more");
        PrivateStatistics.Counts again = noise.told(
            statistics.popularity(noise.scaled(second), noise.generator()), second);
        if (notes != null) {
          notes.counts(statistics, again, second);
        }
        ledger = ledger.append(committed(again, released));
        known = combined(counts, again);
      }
      progress.advance(1, note(ledger, budget, noise.stated()));
    }
    progress.finish();
    PrivateReleases made = new PrivateReleases(ledger, before.entries().size(), known, directions,
        released);
    if (kept != null && noise.stated()) {
      made.keep(kept);
    }
    return made;
  }

  /**
   * Whether an item-item matrix of these people would show more than noise, by released counts alone. With weights of unit norm, each of N people adds √2 to its trace, or a little less, and N is the sum of
   * counts over {@code most} at least; noise alone has eigenvalues up to {@code 2·deviation·√n}.
   */
  static boolean standsOut(float[] counts, int most, double deviation) {
    double taken = 0;
    for (float count : counts) {
      taken += count;
    }
    double trace = Math.sqrt(2) * taken / most;
    return trace >= TRACE_OVER_NOISE * 2 * deviation * Math.sqrt(counts.length);
  }

  /** The entry of released counts, which commits to what is kept of them. */
  private static Release committed(PrivateStatistics.Counts counts, List<ReleasedTensors> released) {
    released.add(new ReleasedTensors(
        List.of(new FloatTensor("counts", new long[]{counts.counts().length}, counts.counts().clone()))));
    return counts.release().withWeights(released.getLast().sha256());
  }

  /** Two noisy counts of the same, weighted by their precision. */
  private static float[] combined(PrivateStatistics.Counts one, PrivateStatistics.Counts other) {
    double first = Math.pow(one.release().noiseDeviation(), -2);
    double second = Math.pow(other.release().noiseDeviation(), -2);
    float[] counts = new float[one.counts().length];
    for (int item = 0; item < counts.length; item++) {
      counts[item] = (float) ((first * one.counts()[item] + second * other.counts()[item]) / (first + second));
    }
    return counts;
  }

  /** Whether there is an item-item matrix: wanted, paid for, and not too large. */
  static boolean withMatrix(SfumatoConfig config, int items) {
    boolean wanted = config.collaborative().enabled() && config.privacy().gramShare() > 0;
    if (wanted && items > config.collaborative().easeItems()) {
      LOG.warn("the item-item matrix is left out: {} items are more than collaborative.ease-items, {}", items,
          config.collaborative().easeItems());
      return false;
    }
    return wanted;
  }

  private static String note(PrivacyLedger ledger, PrivacyBudget budget, boolean noisy) {
    return noisy
        ? String.format(Locale.ROOT, "epsilon %.2f of %.2f", budget.spent(ledger.phases()), budget.epsilon())
        : "no noise: epsilon is infinite";
  }

  /** The ledger goes last: without it, nothing was kept. */
  private void keep(Path directory) {
    try {
      Files.createDirectories(directory.resolve(RELEASED));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SafeTensors.write(directory.resolve(COUNTS),
        List.of(new FloatTensor("counts", new long[]{counts.length}, counts.clone())), Map.of());
    if (directions != null) {
      directions.save(directory.resolve(MATRIX));
    }
    released.forEach(tensors -> tensors.write(directory.resolve(RELEASED)));
    ledger.save(directory.resolve(LEDGER));
  }

  private static PrivateReleases read(Path directory, PrivacyLedger before) {
    PrivacyLedger ledger = PrivacyLedger.load(directory.resolve(LEDGER));
    if (!ledger.continues(before)) {
      throw new PrivacyException("LEDGER_CONFLICT",
          "what was begun in %s does not continue the bundle that is there; delete that directory to begin anew"
              .formatted(directory));
    }
    try (SafeTensors tensors = SafeTensors.read(directory.resolve(COUNTS))) {
      Path matrix = directory.resolve(MATRIX);
      LOG.info("private statistics were released before the interruption and are taken from {}", directory);
      return new PrivateReleases(ledger, before.entries().size(), tensors.tensor("counts").values(),
          Files.exists(matrix) ? LeadingDirections.load(matrix) : null,
          ledger.entries()
              .subList(before.entries().size(), ledger.entries().size())
              .stream()
              .map(entry -> ReleasedTensors
                  .read(ReleasedTensors.file(directory.resolve(RELEASED), entry.release().weightsSha256())))
              .toList());
    }
  }
}
