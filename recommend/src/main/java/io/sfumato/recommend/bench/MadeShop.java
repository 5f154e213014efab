package io.sfumato.recommend.bench;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.fusion.user.UserProfile;
import io.sfumato.recommend.CandidateSignals;
import io.sfumato.recommend.ItemSpace;
import io.sfumato.recommend.ModelSignal;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.bundle.BundleWriter;
import io.sfumato.recommend.bundle.Provenance;
import io.sfumato.recommend.collaborative.ItemKnn;
import io.sfumato.recommend.collaborative.Popularity;
import io.sfumato.recommend.collaborative.Transitions;
import io.sfumato.recommend.ranking.Channel;
import io.sfumato.recommend.ranking.FeatureExtractor;
import io.sfumato.recommend.ranking.FeatureSet;
import io.sfumato.recommend.ranking.ItemStatistics;
import io.sfumato.recommend.ranking.Ranker;
import io.sfumato.recommend.ranking.RankerOptions;
import io.sfumato.recommend.ranking.RankerTrainer;
import io.sfumato.recommend.ranking.Signal;
import io.sfumato.recommend.ranking.TrainingList;
import io.sfumato.recommend.ranking.TrainingLists;
import io.sfumato.recommend.retrieval.IndexOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A whole bundle over {@link MadeVectors}, to measure serving on: one document an item with its vector, {@value #PEOPLE} people of {@value #SEEN} items each, item-kNN, transitions and popularity of what they
 * took, and a ranker that was trained on the features of these.
 *
 * <p>Person {@code u-i} took items of the clusters that query i blends, by their weights. Every item has the attribute {@value #ATTRIBUTE} with the marks of the filters that it passes: {@code share-50} for an
 * item that one in two has at random, {@code cluster-50} for one of clusters that hold half of the items together, and so on for 10, 1 and 0.1 per cent.
 */
public final class MadeShop {
  /** People with a history, as many as there are queries at most. */
  public static final int PEOPLE = 2000;
  /** Items in each history. */
  public static final int SEEN = 200;
  /** The attribute that filters ask for. */
  public static final String ATTRIBUTE = "mark";
  /** Shares of the items that pass a filter, in per cent. */
  public static final List<String> SHARES = List.of("50", "10", "1", "0.1");

  private static final int LISTS = 200;
  private static final int HELD_OUT = 40;
  private static final int CANDIDATES = 400;
  private static final int HISTORY_LENGTH = 50;
  private static final long START = 1_600_000_000L;

  private final MadeVectors vectors;
  private final int[][] members;

  private MadeShop(MadeVectors vectors) {
    this.vectors = vectors;
    int[] counts = new int[MadeVectors.CLUSTERS];
    for (int item = 0; item < vectors.items(); item++) {
      counts[vectors.cluster(item)]++;
    }
    this.members = new int[MadeVectors.CLUSTERS][];
    Arrays.setAll(members, c -> new int[counts[c]]);
    for (int item = vectors.items() - 1; item >= 0; item--) {
      int cluster = vectors.cluster(item);
      members[cluster][--counts[cluster]] = item;
    }
  }

  /**
   * Writes the shop as a bundle.
   *
   * @param vectors at least 2,000 items and {@value #PEOPLE} queries
   * @param bundle where it will stand
   * @param progress of index and ranker
   */
  public static void write(MadeVectors vectors, Path bundle, Progress progress) {
    if (vectors.items() < 10 * SEEN || vectors.queries() < PEOPLE) {
      throw new IllegalArgumentException("a made shop needs %d items and %d queries or more but got %d and %d"
          .formatted(10 * SEEN, PEOPLE, vectors.items(), vectors.queries()));
    }
    new MadeShop(vectors).write(bundle, progress);
  }

  private void write(Path bundle, Progress progress) {
    Catalog catalog = catalog();
    Interactions taken = taken(catalog);
    ItemVectors items = itemVectors();
    List<ModelSignal> models = List.of(
        new ModelSignal(new Signal("itemknn", Channel.COLLABORATIVE, true),
            ItemKnn.fit(taken, ItemKnn.Options.DEFAULT)),
        new ModelSignal(new Signal("transitions", Channel.COLLABORATIVE, true),
            Transitions.fit(taken, Transitions.Options.DEFAULT)),
        new ModelSignal(new Signal("popular", Channel.POPULARITY, true), Popularity.fit(taken)));
    UserProfile profile = UserProfile.mean(MadeVectors.DIMENSION, HISTORY_LENGTH);
    ItemStatistics statistics = ItemStatistics.of(taken, catalog);
    CandidateSignals signals = new CandidateSignals(ItemSpace.of(items), profile, models);
    Ranker ranker = ranker(signals, statistics, taken, progress);
    Split split = new Split(new Dataset("made shop", catalog, taken, DataReport.empty()), "none", taken,
        taken.select(row -> false), taken.select(row -> false));
    try (BundleWriter writer = BundleWriter.create(bundle)) {
      new RecommenderModel(catalog, items, profile, models, statistics, ranker).save(writer, IndexOptions.defaults(),
          Runtime.getRuntime().availableProcessors(), progress);
      writer.histories(split);
      writer.commit(new Provenance("made shop", "", "", "none", 1, Map.of(), Map.of()));
    }
  }

  private Catalog catalog() {
    Map<String, Map<String, String>> shared = new HashMap<>(); // few combinations of marks, many items
    int[] bounds = clusterBounds();
    List<Item> items = new ArrayList<>(vectors.items());
    for (int item = 0; item < vectors.items(); item++) {
      String marks = marks(item, bounds);
      Map<String, String> attributes = shared.computeIfAbsent(marks,
          m -> m.isEmpty() ? Map.of() : Map.of(ATTRIBUTE, m));
      items.add(new Item("item-" + item, "Thing " + item + " of kind " + vectors.cluster(item), "", attributes, null));
    }
    return Catalog.of(items);
  }

  private String marks(int item, int[] bounds) {
    double chance = new SplittableRandom(0x51ED270B2L * (item + 1)).nextDouble();
    List<String> marks = new ArrayList<>();
    for (int s = 0; s < SHARES.size(); s++) {
      if (chance < Double.parseDouble(SHARES.get(s)) / 100) {
        marks.add("share-" + SHARES.get(s));
      }
      if (inTurn(vectors.cluster(item)) < bounds[s]) {
        marks.add("cluster-" + SHARES.get(s));
      }
    }
    return String.join("|", marks);
  }

  /** Clusters in a fixed order that has nothing to do with their sizes. */
  private static int inTurn(int cluster) {
    return (int) (cluster * 1_237L % MadeVectors.CLUSTERS); // coprime to 2,000: each place once
  }

  /** How many clusters in turn hold each share of the items, or just less, one at least. */
  private int[] clusterBounds() {
    int[] sizes = new int[MadeVectors.CLUSTERS];
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      sizes[inTurn(cluster)] = members[cluster].length;
    }
    int[] bounds = new int[SHARES.size()];
    for (int s = 0; s < bounds.length; s++) {
      double wanted = vectors.items() * Double.parseDouble(SHARES.get(s)) / 100;
      long held = 0;
      while (bounds[s] < sizes.length && (held == 0 || held + sizes[bounds[s]] <= wanted)) {
        held += sizes[bounds[s]++];
      }
    }
    return bounds;
  }

  private Interactions taken(Catalog catalog) {
    Interactions.Builder builder = Interactions.builder(catalog);
    for (int person = 0; person < PEOPLE; person++) {
      long time = START;
      for (int item : history(person)) {
        builder.add("u-" + person, item, 1, time);
        time += 3600;
      }
    }
    return builder.build();
  }

  private Set<Integer> history(int person) {
    SplittableRandom random = new SplittableRandom(0x2545F4914F6CDD1DL * (person + 1));
    double[] blend = vectors.blend(person);
    Set<Integer> history = new LinkedHashSet<>();
    for (int tries = 0; history.size() < SEEN; tries++) {
      int[] from = tries < 10 * SEEN ? members[cluster(blend, random.nextDouble())] : new int[0];
      history.add(from.length == 0 ? random.nextInt(vectors.items()) : from[random.nextInt(from.length)]);
    }
    return history;
  }

  private static int cluster(double[] blend, double chance) {
    double sum = 0;
    for (int n = 0; n < blend.length; n += 2) {
      sum += blend[n + 1];
      if (chance < sum) {
        return (int) blend[n];
      }
    }
    return (int) blend[blend.length - 2];
  }

  private ItemVectors itemVectors() {
    float[] weights = new float[vectors.items()];
    boolean[] present = new boolean[vectors.items()];
    Arrays.fill(weights, 1);
    Arrays.fill(present, true);
    return new ItemVectors(List.of("text"), MadeVectors.DIMENSION, vectors.table(), weights, present);
  }

  /** Learns to put what some people took last above other items of the same clusters and any others. */
  private Ranker ranker(CandidateSignals signals, ItemStatistics statistics, Interactions taken, Progress progress) {
    FeatureSet features = FeatureSet.of(signals.sources(), EnumSet.allOf(FeatureSet.Statistic.class));
    RankerOptions options = RankerOptions.DEFAULT.withNetwork(16, 1).withEpochs(3, 1);
    TrainingLists lists = new TrainingLists(new FeatureExtractor(features, statistics), options);
    List<TrainingList> learned = new ArrayList<>();
    for (int person = 0; person < LISTS; person++) {
      int[] all = taken.itemsOf(taken.userIndex("u-" + person));
      int[] history = Arrays.copyOf(all, all.length - HELD_OUT);
      int[] relevant = Arrays.copyOfRange(all, all.length - HELD_OUT, all.length);
      learned.addAll(lists.of(person, signals.list(features, signals.userVector(history), history,
          candidates(person, history, relevant), START + 3600L * SEEN), relevant));
    }
    return new RankerTrainer(options).train(features, learned, progress);
  }

  private int[] candidates(int person, int[] history, int[] relevant) {
    SplittableRandom random = new SplittableRandom(0xDA942042E4DD58B5L * (person + 1));
    Set<Integer> chosen = new LinkedHashSet<>();
    Arrays.stream(relevant).forEach(chosen::add);
    double[] blend = vectors.blend(person);
    for (int tries = 0; chosen.size() < CANDIDATES; tries++) {
      int[] near = members[cluster(blend, random.nextDouble())];
      boolean any = near.length == 0 || tries % 2 == 0;
      int item = any ? random.nextInt(vectors.items()) : near[random.nextInt(near.length)];
      if (Arrays.stream(history).noneMatch(h -> h == item)) {
        chosen.add(item);
      }
    }
    return chosen.stream().mapToInt(Integer::intValue).toArray();
  }
}
