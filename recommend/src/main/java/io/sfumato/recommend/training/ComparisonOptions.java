package io.sfumato.recommend.training;

import io.sfumato.recommend.evaluation.Evaluation.Pool;
import io.sfumato.recommend.evaluation.Protocol;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is compared, and how.
 *
 * @param peers what stands beside the recommender, in the order of the table; null for those that are usual, see {@link Comparison#USUAL}
 * @param k the cut that tables and tests are about, one of the cuts
 * @param cuts the cuts k, at least 1 each
 * @param pool which items are ranked
 * @param protocol what is masked and who counts
 * @param seeds how often what depends on a seed is trained: the recommender as it is, and twins with the next seeds
 * @param auc whether the area under the ROC curve is measured too
 */
public record ComparisonOptions(@Nullable List<Peer> peers, int k, List<Integer> cuts, Pool pool, Protocol protocol,
    int seeds,
    boolean auc) {

  /** The cut that tables are about where it is among those asked for. */
  public static final int K = 20;

  private static final String RUN = "run:";

  public ComparisonOptions {
    List<Peer> named = peers == null ? List.of() : List.copyOf(peers);
    peers = peers == null ? null : named;
    cuts = cuts.stream().sorted().distinct().toList();
    if (cuts.isEmpty() || cuts.getFirst() < 1) {
      throw new IllegalArgumentException("k must be 1 or more but was " + cuts);
    }
    if (!cuts.contains(k)) {
      throw new IllegalArgumentException("k must be one of the cuts " + cuts + " but was " + k);
    }
    if (seeds < 1) {
      throw new IllegalArgumentException("--seeds must be 1 or more but was " + seeds);
    }
    Set<String> names = new HashSet<>(Set.of(Comparison.SFUMATO));
    for (Peer peer : named) {
      if (!names.add(peer.name())) {
        throw new IllegalArgumentException("two systems have the name '" + peer.name() + "'");
      }
    }
  }

  /** The usual systems, once, among all items, at the cuts of the full protocol. */
  public static ComparisonOptions defaults() {
    return new ComparisonOptions(null, K, Protocol.FULL.cuts(), Pool.ALL, Protocol.FULL, 1, false);
  }

  /** The same beside these systems alone, which may be none; see {@link Peer#parse}. */
  public ComparisonOptions withPeers(List<String> names) {
    return new ComparisonOptions(names.stream().map(Peer::parse).toList(), k, cuts, pool, protocol, seeds, auc);
  }

  /** The same at other cuts; tables are about {@link #K} where it is one of them, else the largest. */
  public ComparisonOptions withCuts(List<Integer> values) {
    int largest = values.stream().mapToInt(Integer::intValue).max().orElse(0);
    return new ComparisonOptions(peers, values.contains(K) ? K : largest, values, pool, protocol, seeds, auc);
  }

  /** The same over another pool. */
  public ComparisonOptions withPool(Pool value) {
    return new ComparisonOptions(peers, k, cuts, value, protocol, seeds, auc);
  }

  /** The same with another protocol, at its cuts. */
  public ComparisonOptions withProtocol(Protocol value) {
    return new ComparisonOptions(peers, k, cuts, pool, value, seeds, auc).withCuts(value.cuts());
  }

  /** The same over several seeds. */
  public ComparisonOptions withSeeds(int value) {
    return new ComparisonOptions(peers, k, cuts, pool, protocol, value, auc);
  }

  /** The same with or without the area under the ROC curve. */
  public ComparisonOptions withAuc(boolean value) {
    return new ComparisonOptions(peers, k, cuts, pool, protocol, seeds, value);
  }

  /**
   * A system that stands beside the recommender.
   *
   * @param name in tables
   * @param run the file of its rankings, or null where it is trained here
   */
  public record Peer(String name, @Nullable Path run) {
    public Peer {
      if (name.isBlank()) {
        throw new IllegalArgumentException("a system needs a name but was given '" + name + "'");
      }
    }

    /**
     * The name of a model, or {@code run:NAME=FILE} for the rankings of another system.
     *
     * @throws IllegalArgumentException where a run has no name or no file
     */
    public static Peer parse(String text) {
      if (!text.startsWith(RUN)) {
        return new Peer(text.strip(), null);
      }
      int equals = text.indexOf('=');
      if (equals <= RUN.length() || equals == text.length() - 1) {
        throw new IllegalArgumentException("a run is given as run:NAME=FILE but was '" + text + "'");
      }
      return new Peer(text.substring(RUN.length(), equals), Path.of(text.substring(equals + 1)));
    }
  }
}
