package io.sfumato.recommend.training;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.CandidateSignals;
import io.sfumato.recommend.config.RankingSettings;
import io.sfumato.recommend.ranking.CandidateList;
import io.sfumato.recommend.ranking.Channel;
import io.sfumato.recommend.ranking.FeatureExtractor;
import io.sfumato.recommend.ranking.FeatureSet;
import io.sfumato.recommend.ranking.FeatureSet.Statistic;
import io.sfumato.recommend.ranking.ItemStatistics;
import io.sfumato.recommend.ranking.Ranker;
import io.sfumato.recommend.ranking.RankerOptions;
import io.sfumato.recommend.ranking.RankerTrainer;
import io.sfumato.recommend.ranking.Signal;
import io.sfumato.recommend.ranking.TrainingList;
import io.sfumato.recommend.ranking.TrainingLists;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the ranking model on the validation interactions: a user's training items are the history, all other items the candidates, and what the
 * user took in validation is relevant. All signals come from training interactions alone.
 *
 * <p>Items that somebody took in training and items that nobody did are ranked in lists of their own. In one list, a split whose validation items are
 * all new would teach that whatever nobody took is what people want, and one whose are all known the opposite; neither says how new and known items
 * compare for a person.
 */
final class RankerFit {
  private static final Logger LOG = LoggerFactory.getLogger(RankerFit.class);

  /** Users times items that lists are chosen from at most, and the fewest users that are taken where there are more. */
  private static final long RANKED = 400_000_000;
  private static final int FEWEST_USERS = 1000;
  /** Users whose lists are made at a time. */
  private static final int BLOCK = 64;

  private final RankingSettings settings;
  private final TuningBudget budget;
  private final long seed;
  private final List<Trial> trials = new ArrayList<>();
  private double heldOutNdcg = Double.NaN;

  /** @param budget where it goes by time, the network's settings are searched by cross-validation until that is over */
  RankerFit(RankingSettings settings, TuningBudget budget, long seed) {
    this.settings = settings;
    this.budget = budget;
    this.seed = seed;
  }

  /** What was tried, in order; empty where nothing was searched. */
  List<Trial> trials() {
    return trials;
  }

  /** NDCG@20 of held-out users within their training lists; NaN before training, or where there was nothing to learn from. */
  double heldOutNdcg() {
    return heldOutNdcg;
  }

  /** The ranker; where ranking is off or too few users took something in validation, one that adds up the standardised signals. */
  Ranker fit(CandidateSignals signals, ItemStatistics statistics, Split split, Progress progress) {
    FeatureSet features = FeatureSet.of(signals.sources(), EnumSet.allOf(Statistic.class));
    RankerOptions options = options();
    int[] users = users(split);
    if (!settings.enabled() || users.length < options.folds()) {
      LOG.info("no ranking model is trained ({}): signals are added up",
          settings.enabled() ? users.length + " users took something in validation" : "ranking.enabled is false");
      return Ranker.linear(features, evenWeights(features));
    }
    TrainingLists lists = new TrainingLists(new FeatureExtractor(features, statistics), options);
    List<TrainingList> learned = new ArrayList<>();
    progress.start("making ranking lists", users.length);
    BitSet warm = warm(split);
    BitSet cold = (BitSet) warm.clone();
    cold.flip(0, split.train().itemCount());
    for (int from = 0; from < users.length; from += BLOCK) {
      int to = Math.min(users.length, from + BLOCK);
      Arrays.stream(users, from, to)
          .parallel()
          .mapToObj(user -> Stream.concat(lists(lists, features, signals, split, user, warm).stream(),
              lists(lists, features, signals, split, user, cold).stream()).toList())
          .forEachOrdered(learned::addAll);
      progress.advance(to - from, null);
    }
    progress.finish();
    return budget.timed() ? searched(features, learned, progress)
        : trained(options, features, learned, progress).made();
  }

  private LadderSearch.Scored<Ranker> trained(RankerOptions options, FeatureSet features, List<TrainingList> lists,
      Progress progress) {
    RankerTrainer trainer = new RankerTrainer(options);
    Ranker ranker = trainer.train(features, lists, progress);
    heldOutNdcg = trainer.heldOutNdcg();
    return new LadderSearch.Scored<>(ranker, heldOutNdcg);
  }

  private Ranker searched(FeatureSet features, List<TrainingList> lists, Progress progress) {
    RankerOptions start = options();
    List<Ladder> ladders = List.of(Ladder.of("ranking.learning-rate", start.learningRate(), 0.0003, 0.001, 0.003),
        Ladder.of("weight-decay", start.weightDecay(), 0.01, 0.05, 0.2),
        Ladder.of("ranking.hidden", start.hidden(), 0, 8, 16, 32));
    LadderSearch.Found<Ranker> found = new LadderSearch<>("ranker", ladders, at -> trained(start
        .withRates(at[0], at[1])
        .withNetwork((int) at[2], settings.networks()), features, lists, Progress.silent()), trials)
        .run(done -> budget.more(done, Integer.MAX_VALUE, 1), progress);
    heldOutNdcg = found.score();
    return found.made();
  }

  private RankerOptions options() {
    return RankerOptions.DEFAULT
        .withNetwork(settings.hidden(), settings.networks())
        .withEpochs(settings.epochs(), settings.patience())
        .withRates(settings.learningRate(), RankerOptions.DEFAULT.weightDecay())
        .withLists(settings.listSize(), RankerOptions.DEFAULT.hideShare(), RankerOptions.DEFAULT.coldWeight())
        .withSeed(seed);
  }

  /** Users with validation items, at most as many as the settings say, and fewer of a large catalogue: a random sample, ascending. */
  private int[] users(Split split) {
    Interactions valid = split.valid();
    int[] users = IntStream.range(0, valid.userCount()).filter(user -> valid.end(user) > valid.start(user)).toArray();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = users.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swapped = users[i];
      users[i] = users[other];
      users[other] = swapped;
    }
    int most = (int) Math.min(settings.users(), Math.max(FEWEST_USERS, RANKED / Math.max(1, valid.itemCount())));
    if (most < Math.min(users.length, settings.users())) {
      LOG.info("the ranking model learns from {} users instead of {}: the catalogue is large", most, settings.users());
    }
    return IntStream.of(users).limit(most).sorted().toArray();
  }

  /** Items that somebody took in training. */
  private static BitSet warm(Split split) {
    BitSet warm = new BitSet(split.train().itemCount());
    int[] counts = split.train().itemCounts();
    for (int item = 0; item < counts.length; item++) {
      warm.set(item, counts[item] > 0);
    }
    return warm;
  }

  /** The lists of a user among the items of a pool; none where nothing that the user took in validation is in it. */
  private static List<TrainingList> lists(TrainingLists lists, FeatureSet features, CandidateSignals signals,
      Split split,
      int user, BitSet pool) {
    int[] relevant = IntStream.of(split.valid().itemsOf(user)).filter(pool::get).toArray();
    if (relevant.length == 0) {
      return List.of();
    }
    Interactions train = split.train();
    int[] history = train.itemsOf(user);
    BitSet allowed = (BitSet) pool.clone();
    for (int item : history) {
      allowed.clear(item);
    }
    long last = history.length == 0 ? 0 : train.timestamp(train.end(user) - 1); // as the evaluation asks
    float[] userVector = signals.userVector(history);
    int[] ranked = signals.candidates(userVector, history, allowed); // as serving chooses them
    CandidateList candidates = signals.list(features, userVector, history, ranked, last);
    return lists.of(user, candidates, relevant);
  }

  /** One for each source but popularity, which counts a tenth so that it decides between equals. */
  private static Map<String, Double> evenWeights(FeatureSet features) {
    Map<String, Double> weights = new HashMap<>();
    for (Signal signal : features.sources()) {
      weights.put(signal.name(), signal.channel() == Channel.POPULARITY ? 0.1 : 1.0);
    }
    return weights;
  }
}
