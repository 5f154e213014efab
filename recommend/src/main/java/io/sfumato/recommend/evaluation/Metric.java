package io.sfumato.recommend.evaluation;

import java.util.List;
import java.util.Locale;

/**
 * Measures of one user's ranked list, cut at k ({@link #AUC} is not cut), with binary relevance. R is the set of the user's relevant items (all of them, whether or not they
 * could be retrieved), hit(r) is 1 where the item at rank r = 1, 2, … is in R. Each is in [0, 1], higher is better; the figure of a system is the
 * mean over users.
 */
public enum Metric {
  /** {@code Σ_{r≤k} hit(r) / |R|}. */
  RECALL {
    @Override
    double value(int[] hitRanks, int relevant, int k) {
      return (double) hits(hitRanks, k) / relevant;
    }
  },
  /** {@code Σ_{r≤k} hit(r)/log2(r+1) ÷ Σ_{r≤min(k,|R|)} 1/log2(r+1)} (Järvelin and Kekäläinen 2002, binary gains). */
  NDCG {
    @Override
    double value(int[] hitRanks, int relevant, int k) {
      double gain = 0;
      for (int rank : hitRanks) {
        if (rank <= k) {
          gain += discount(rank);
        }
      }
      double ideal = 0;
      for (int rank = 1; rank <= Math.min(k, relevant); rank++) {
        ideal += discount(rank);
      }
      return gain / ideal;
    }
  },
  /** {@code Σ_{r≤k} hit(r) / k}. */
  PRECISION {
    @Override
    double value(int[] hitRanks, int relevant, int k) {
      return (double) hits(hitRanks, k) / k;
    }
  },
  /** {@code Σ_{r≤k} hit(r)·precision@r ÷ min(k,|R|)}: the average precision, whose mean over users is MAP. */
  MAP {
    @Override
    double value(int[] hitRanks, int relevant, int k) {
      double sum = 0;
      for (int i = 0; i < hitRanks.length && hitRanks[i] <= k; i++) {
        sum += (i + 1.0) / hitRanks[i];
      }
      return sum / Math.min(k, relevant);
    }
  },
  /** {@code 1/r} of the first hit, 0 where there is none up to k. */
  MRR {
    @Override
    double value(int[] hitRanks, int relevant, int k) {
      return hits(hitRanks, k) > 0 ? 1.0 / hitRanks[0] : 0;
    }
  },
  /** 1 where there is a hit up to k, else 0. */
  HIT_RATE {
    @Override
    double value(int[] hitRanks, int relevant, int k) {
      return hits(hitRanks, k) > 0 ? 1 : 0;
    }
  },
  /**
   * The area under the ROC curve of the whole ranking, at no cut: the share of pairs of a relevant item and one that is neither relevant nor masked in which the relevant one has the higher score, ties one
   * half. 0.5 is chance. It needs all scores, so it is measured only where {@link Evaluation#auc} asks for it. Items that are not recommended at all tie with each other below all others.
   */
  AUC {
    @Override
    double value(int[] hitRanks, int relevant, int k) {
      throw new IllegalArgumentException("auc is of a whole ranking, not of a list cut at k; ask Evaluation for it");
    }
  };

  /** Those of a list cut at k: all but {@link #AUC}. */
  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  public static final List<Metric> OF_LISTS = List.of(RECALL, NDCG, PRECISION, MAP, MRR, HIT_RATE);

  /** The name in reports and JSON: {@code recall}, {@code ndcg}, {@code precision}, {@code map}, {@code mrr}, {@code hit_rate}, {@code auc}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The metric of one list.
   *
   * @param hitRanks the ranks, from 1 and ascending, at which relevant items stand; ranks over k are ignored
   * @param relevant the number of relevant items, at least 1
   * @param k the cut, at least 1
   */
  public double of(int[] hitRanks, int relevant, int k) {
    if (relevant < 1 || k < 1) {
      throw new IllegalArgumentException("relevant and k must be at least 1 but were " + relevant + " and " + k);
    }
    return value(hitRanks, relevant, k);
  }

  abstract double value(int[] hitRanks, int relevant, int k);

  private static int hits(int[] hitRanks, int k) {
    int hits = 0;
    while (hits < hitRanks.length && hitRanks[hits] <= k) {
      hits++;
    }
    return hits;
  }

  private static double discount(int rank) {
    return rank < Discounts.TABLE.length ? Discounts.TABLE[rank] : Discounts.of(rank);
  }

  /** {@code 1/log2(r+1)} by rank, for the ranks that nearly all cuts stay below. */
  private static final class Discounts {
    static final double[] TABLE = new double[1025];

    static {
      for (int rank = 1; rank < TABLE.length; rank++) {
        TABLE[rank] = of(rank);
      }
    }

    static double of(int rank) {
      return Math.log(2) / Math.log(rank + 1.0);
    }
  }
}
