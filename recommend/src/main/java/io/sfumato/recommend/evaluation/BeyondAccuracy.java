package io.sfumato.recommend.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What the lists of a system, cut at k, are like beyond accuracy. {@code count(i)} is the number of users whose list has item i, {@code n} the number of items of the pool, {@code U} that of
 * users, {@code p(i)} the share of the training users who have i, with one more user who has everything (so that no item's is 0): {@code (users(i) + 1) / (U_train + 1)}.
 *
 * @param k the cut
 * @param coverage the share of the pool that is in any list, in [0, 1] (Herlocker et al. 2004, catalogue coverage)
 * @param gini the inequality of {@code count} over the pool, 0 where all items are recommended as often, near 1 where one takes all: {@code Σ_j (2j − n − 1)·count_(j) / (n·Σ count)}, counts
 *     ascending (Shani and Gunawardana 2011)
 * @param entropy the Shannon entropy of {@code count(i) / Σ count}, in bits, at most {@code log2 n} (Shani and Gunawardana 2011)
 * @param novelty the mean over users of the mean over their list of {@code −log2 p(i)}, in bits (Zhou et al. 2010; Vargas and Castells 2011)
 * @param diversityByVectors the mean over users of {@code 1 − cosine} over the pairs of their list, in [0, 2] (Ziegler et al. 2005; Smyth and McClave 2001); empty where no vectors were given. Users with
 *     fewer than two items that have a vector are left out
 * @param diversityByCategory the same with {@code 1 − |A ∩ B| / |A ∪ B|} of the items' attribute values, in [0, 1]; empty where no attribute was given
 * @param popularity average recommendation popularity: the mean over users of the mean over their list of the training users of an item (Yin et al. 2012; Abdollahpouri et al. 2019)
 * @param popularityLift {@code (GAP_rec − GAP_hist) / GAP_hist}, where GAP is the mean over users of the mean popularity of what is in their list or their history: 0 where lists are as popular as what people took
 *     (Abdollahpouri et al. 2019, {@code ΔGAP}); empty where nobody has a history
 * @param shares the share of recommendations that go to items of the {@code head}, {@code mid} and {@code tail}; see {@link PopularityBands}
 * @param lorenz the share of all recommendations that the least recommended 0, 5, 10 … 100 % of the pool get: 21 values from 0 to 1
 */
public record BeyondAccuracy(int k, double coverage, double gini, double entropy, double novelty,
    OptionalDouble diversityByVectors, OptionalDouble diversityByCategory, double popularity,
    OptionalDouble popularityLift, Map<String, Double> shares, List<Double> lorenz) {
  public BeyondAccuracy {
    shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    lorenz = List.copyOf(lorenz);
  }

  /** By the names of the components in {@code snake_case}; empty ones are left out. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("k", k);
    map.put("coverage", coverage);
    map.put("gini", gini);
    map.put("entropy", entropy);
    map.put("novelty", novelty);
    diversityByVectors.ifPresent(value -> map.put("diversity_by_vectors", value));
    diversityByCategory.ifPresent(value -> map.put("diversity_by_category", value));
    map.put("popularity", popularity);
    popularityLift.ifPresent(value -> map.put("popularity_lift", value));
    map.put("shares", shares);
    map.put("lorenz", lorenz);
    return map;
  }
}
