package io.sfumato.recommend.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What an {@link Evaluation} measured: for every scorer and user the ranked list and where its hits are. Immutable, and safe for use by many threads. */
public final class EvaluationResult {
  private final String split;
  private final Evaluation.Part part;
  private final Evaluation.Pool pool;
  private final Protocol protocol;
  private final List<Integer> ks;
  private final List<Metric> metrics;
  private final int poolSize;
  private final List<String> userIds;
  private final Audience audience;
  /** Where the users of the audience stand in the lists. */
  private final int[] positions;
  /** By scorer, the ranks of each user's hits; made when they are first asked for. */
  private final Map<String, int[][]> hits = new ConcurrentHashMap<>();
  private final Map<String, RankedLists> lists;
  /** Those whom the lists are of. */
  private final Audience ranked;

  EvaluationResult(Evaluation evaluation, Audience audience, int poolSize, Map<String, RankedLists> lists) {
    this.split = evaluation.split().kind();
    this.userIds = evaluation.split().train().userIds();
    this.part = evaluation.part();
    this.pool = evaluation.pool();
    this.protocol = evaluation.protocol();
    this.ks = evaluation.ks();
    List<Metric> measured = new ArrayList<>(Metric.OF_LISTS);
    if (evaluation.wantsAuc()) {
      measured.add(Metric.AUC);
    }
    this.metrics = List.copyOf(measured);
    this.poolSize = poolSize;
    this.audience = audience;
    this.ranked = audience;
    this.positions = IntStream.range(0, audience.size()).toArray();
    this.lists = Collections.unmodifiableMap(new LinkedHashMap<>(lists));
  }

  private EvaluationResult(EvaluationResult whole, Audience audience, int[] positions) {
    this.split = whole.split;
    this.userIds = whole.userIds;
    this.part = whole.part;
    this.pool = whole.pool;
    this.protocol = whole.protocol;
    this.ks = whole.ks;
    this.metrics = whole.metrics;
    this.poolSize = whole.poolSize;
    this.lists = whole.lists;
    this.ranked = whole.ranked;
    this.audience = audience;
    this.positions = positions;
  }

  /** The kind of the split. */
  public String split() {
    return split;
  }

  public Evaluation.Part part() {
    return part;
  }

  public Evaluation.Pool pool() {
    return pool;
  }

  /** What was masked and who counts. */
  public Protocol protocol() {
    return protocol;
  }

  /** The number of items that were ranked, before each user's own are masked. */
  public int poolSize() {
    return poolSize;
  }

  /** The cuts, ascending. */
  public List<Integer> ks() {
    return ks;
  }

  /** The metrics that were measured: {@link Metric#OF_LISTS}, and {@link Metric#AUC} where it was asked for. */
  public List<Metric> metrics() {
    return metrics;
  }

  /** The number of users with at least one relevant item; only they are averaged over. */
  public int userCount() {
    return audience.size();
  }

  /** The indices of the evaluated users, ascending; all per-user arrays are parallel to it. */
  public int[] users() {
    return audience.users().clone();
  }

  /** The id of the evaluated user at this position of {@link #users}. */
  public String userId(int position) {
    return userIds.get(audience.users()[position]);
  }

  /** The number of relevant items of each evaluated user. */
  public int[] relevantCounts() {
    return audience.relevantCounts();
  }

  /** The relevant items of the evaluated user at this position of {@link #users}: item indices of the pool, ascending. */
  public int[] relevant(int position) {
    return audience.relevant()[position].clone();
  }

  /** The names of the scorers, in the order in which they were given. */
  public List<String> scorers() {
    return List.copyOf(lists.keySet());
  }

  /** The mean of a metric over the evaluated users; 0 where there are none. {@link Metric#AUC} is the same at every cut. */
  public double mean(String scorer, Metric metric, int k) {
    return Significance.mean(perUser(scorer, metric, k));
  }

  /** A metric of each evaluated user, parallel to {@link #users}. */
  public double[] perUser(String scorer, Metric metric, int k) {
    if (!ks.contains(k)) {
      throw new IllegalArgumentException("k = " + k + " was not evaluated; the cuts are " + ks);
    }
    double[] values = new double[audience.size()];
    if (metric == Metric.AUC) {
      RankedLists of = known(scorer);
      Arrays.setAll(values, u -> auc(of, u));
    } else {
      int[][] ranks = hitRanks(scorer);
      Arrays.setAll(values, u -> metric.of(ranks[u], audience.relevant()[u].length, k));
    }
    return values;
  }

  /** The ranks, from 1, of each user's hits. */
  int[][] hitRanks(String scorer) {
    RankedLists of = known(scorer);
    return hits.computeIfAbsent(scorer, name -> {
      int[][] ranks = new int[audience.size()][];
      Arrays.setAll(ranks, u -> of.hitRanks(positions[u], audience.relevant()[u]));
      return ranks;
    });
  }

  private double auc(RankedLists of, int u) {
    float[] aucs = of.aucs(positions[u]);
    int[] all = ranked.relevant()[positions[u]];
    double sum = 0;
    for (int item : audience.relevant()[u]) {
      sum += aucs[Arrays.binarySearch(all, item)];
    }
    return sum / audience.relevant()[u].length;
  }

  /** The ranked list of the evaluated user at this position of {@link #users}: item indices, best first, at most the largest k. */
  public int[] list(String scorer, int position) {
    return known(scorer).list(positions[position]);
  }

  /** The same lists measured on some of the relevant items alone: users who have none of them are left out. */
  public EvaluationResult ofItems(BitSet items) {
    int[][] kept = new int[audience.size()][];
    Arrays.setAll(kept, u -> Arrays.stream(audience.relevant()[u]).filter(items::get).toArray());
    return select(u -> kept[u].length > 0, kept);
  }

  /** The same measured on some of the users alone, by their index in the data set. */
  public EvaluationResult ofUsers(IntPredicate users) {
    return select(u -> users.test(audience.users()[u]), audience.relevant());
  }

  private EvaluationResult select(IntPredicate wanted, int[][] relevant) {
    int[] chosen = IntStream.range(0, audience.size()).filter(wanted).toArray();
    return new EvaluationResult(this,
        new Audience(Arrays.stream(chosen).map(u -> audience.users()[u]).toArray(),
            Arrays.stream(chosen).mapToObj(u -> relevant[u]).toArray(int[][]::new)),
        Arrays.stream(chosen).map(u -> positions[u]).toArray());
  }

  /** The means of all metrics of a scorer by {@link Metric#key}. */
  public Map<String, Double> means(String scorer, int k) {
    Map<String, Double> means = new LinkedHashMap<>();
    for (Metric metric : metrics) {
      means.put(metric.key(), mean(scorer, metric, k));
    }
    return means;
  }

  /** The result as nested maps for JSON: {@code {"split":…,"part":…,"k":…,"pool":…,"items":…,"users":…,"models":{name:{metric:mean}}}}. */
  public Map<String, Object> toMap(int k) {
    Map<String, Object> models = new LinkedHashMap<>();
    scorers().forEach(scorer -> models.put(scorer, means(scorer, k)));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("split", split);
    map.put("part", part.key());
    map.put("protocol", protocol.key());
    map.put("k", k);
    map.put("pool", pool.key());
    map.put("items", poolSize);
    map.put("users", audience.size());
    map.put("models", models);
    return map;
  }

  RankedLists known(String scorer) {
    RankedLists values = lists.get(scorer);
    if (values == null) {
      throw new IllegalArgumentException("no scorer '" + scorer + "' was evaluated; there are " + lists.keySet());
    }
    return values;
  }
}
