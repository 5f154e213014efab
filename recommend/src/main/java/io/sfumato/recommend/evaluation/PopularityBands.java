package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Interactions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The items by popularity in training: the {@code head}, the most popular items that take {@link #HEAD_SHARE} of the interactions together; the {@code tail}, the least popular
 * that take the last {@link #TAIL_SHARE}, with those that have none; and the {@code mid} between them (after Abdollahpouri et al. 2019, "The unfairness of popularity bias in recommendation").
 * Items of equal popularity go by index.
 */
public final class PopularityBands {
  /** Of the interactions: the share of the most popular items. */
  public static final double HEAD_SHARE = 0.2;
  /** Of the interactions: the share of the least popular items. */
  public static final double TAIL_SHARE = 0.2;
  /** The names, most popular first. */
  public static final List<String> NAMES = List.of("head", "mid", "tail");

  private final int[] counts;
  private final List<BitSet> members;

  private PopularityBands(int[] counts, List<BitSet> members) {
    this.counts = counts;
    this.members = members;
  }

  /** The bands of a training part. */
  public static PopularityBands of(Interactions train) {
    int[] counts = train.itemCounts();
    int[] order = IntStream.range(0, counts.length)
        .boxed()
        .sorted(Comparator.comparingInt((Integer item) -> -counts[item]))
        .mapToInt(Integer::intValue)
        .toArray();
    long total = IntStream.of(counts).asLongStream().sum();
    List<BitSet> members = new ArrayList<>();
    NAMES.forEach(name -> members.add(new BitSet(counts.length)));
    long before = 0;
    for (int item : order) {
      int band = counts[item] == 0 || before >= (1 - TAIL_SHARE) * total ? 2 : before < HEAD_SHARE * total ? 0 : 1;
      members.get(band).set(item);
      before += counts[item];
    }
    return new PopularityBands(counts, members);
  }

  /** The items of a band of {@link #NAMES}, as indices; a copy. */
  public BitSet members(String name) {
    int band = NAMES.indexOf(name);
    if (band < 0) {
      throw new IllegalArgumentException("there is no band '" + name + "'; there are " + NAMES);
    }
    return (BitSet) members.get(band).clone();
  }

  /** The band of an item: 0 for the head, 1 for the mid, 2 for the tail. */
  int band(int item) {
    return members.get(0).get(item) ? 0 : members.get(1).get(item) ? 1 : 2;
  }

  /** The share of training users' items that each band has, by name; 0 where there are none at all. */
  public Map<String, Double> shares() {
    double total = Math.max(1, IntStream.of(counts).asLongStream().sum());
    Map<String, Double> shares = new LinkedHashMap<>();
    for (int band = 0; band < NAMES.size(); band++) {
      shares.put(NAMES.get(band), members.get(band).stream().asLongStream().map(i -> counts[(int) i]).sum() / total);
    }
    return shares;
  }
}
