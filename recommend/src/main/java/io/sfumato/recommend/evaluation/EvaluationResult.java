package io.sfumato.recommend.evaluation;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an {@link Evaluation} measured: for every scorer and user the ranked list and where its hits are. Immutable. */
public final class EvaluationResult {
  private final String split;
  private final Evaluation.Part part;
  private final Evaluation.Pool pool;
  private final Protocol protocol;
  private final List<Integer> ks;
  private final int[] users;
  private final int[] relevant;
  private final int poolSize;
  private final Map<String, int[][]> lists;
  private final Map<String, int[][]> hitRanks;

  EvaluationResult(Evaluation evaluation, int[] users, int[] relevant, int poolSize, Map<String, int[][]> lists,
      Map<String, int[][]> hitRanks) {
    this.split = evaluation.split().kind();
    this.part = evaluation.part();
    this.pool = evaluation.pool();
    this.protocol = evaluation.protocol();
    this.ks = evaluation.ks();
    this.users = users;
    this.relevant = relevant;
    this.poolSize = poolSize;
    this.lists = Collections.unmodifiableMap(new LinkedHashMap<>(lists));
    this.hitRanks = new LinkedHashMap<>(hitRanks);
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

  /** The number of users with at least one relevant item; only they are averaged over. */
  public int userCount() {
    return users.length;
  }

  /** The indices of the evaluated users, ascending; all per-user arrays are parallel to it. */
  public int[] users() {
    return users.clone();
  }

  /** The number of relevant items of each evaluated user. */
  public int[] relevantCounts() {
    return relevant.clone();
  }

  /** The names of the scorers, in the order in which they were given. */
  public List<String> scorers() {
    return List.copyOf(lists.keySet());
  }

  /** The metrics that were measured. */
  public List<Metric> metrics() {
    return Metric.OF_LISTS;
  }

  /** The mean of a metric over the evaluated users; 0 where there are none. */
  public double mean(String scorer, Metric metric, int k) {
    return Arrays.stream(perUser(scorer, metric, k)).average().orElse(0);
  }

  /** A metric of each evaluated user, parallel to {@link #users}. */
  public double[] perUser(String scorer, Metric metric, int k) {
    if (!ks.contains(k)) {
      throw new IllegalArgumentException("k = " + k + " was not evaluated; the cuts are " + ks);
    }
    int[][] hits = known(hitRanks, scorer);
    double[] values = new double[users.length];
    for (int u = 0; u < users.length; u++) {
      values[u] = metric.of(hits[u], relevant[u], k);
    }
    return values;
  }

  /** The ranked list of the evaluated user at this position of {@link #users}: item indices, best first, at most the largest k. */
  public int[] list(String scorer, int position) {
    return known(lists, scorer)[position].clone();
  }

  /** The means of all metrics of a scorer by {@link Metric#key}. */
  public Map<String, Double> means(String scorer, int k) {
    Map<String, Double> means = new LinkedHashMap<>();
    for (Metric metric : metrics()) {
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
    map.put("k", k);
    map.put("pool", pool.key());
    map.put("items", poolSize);
    map.put("users", users.length);
    map.put("models", models);
    return map;
  }

  private static int[][] known(Map<String, int[][]> byScorer, String scorer) {
    int[][] values = byScorer.get(scorer);
    if (values == null) {
      throw new IllegalArgumentException("no scorer '" + scorer + "' was evaluated; there are " + byScorer.keySet());
    }
    return values;
  }
}
