package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The metrics once more, as plainly as their definitions: sets, a sorted list of all items, loops. For one user. */
final class Reference {
  private final List<Integer> ranking = new ArrayList<>();
  private final Set<Integer> relevant = new HashSet<>();
  private final Set<Integer> others = new HashSet<>();
  private final float[] scores;

  Reference(Split split, int user, float[] scores, boolean maskValidation, Set<Integer> pool) {
    this.scores = scores;
    relevant.addAll(items(split.test(), user));
    relevant.retainAll(pool);
    Set<Integer> known = new HashSet<>(items(split.train(), user));
    if (maskValidation) {
      known.addAll(items(split.valid(), user));
    }
    for (int item = 0; item < scores.length; item++) {
      if (pool.contains(item) && !known.contains(item)) {
        if (!relevant.contains(item)) {
          others.add(item);
        }
        if (scores[item] > Float.NEGATIVE_INFINITY) {
          ranking.add(item);
        }
      }
    }
    ranking.sort(Comparator.<Integer>comparingDouble(item -> -scores[item]).thenComparing(item -> item));
  }

  private static Set<Integer> items(Interactions part, int user) {
    Set<Integer> items = new HashSet<>();
    for (int row = 0; row < part.size(); row++) {
      if (part.user(row) == user) {
        items.add(part.item(row));
      }
    }
    return items;
  }

  Set<Integer> relevant() {
    return relevant;
  }

  private boolean hit(int rank) {
    return rank <= ranking.size() && relevant.contains(ranking.get(rank - 1));
  }

  private double hits(int k) {
    double hits = 0;
    for (int rank = 1; rank <= k; rank++) {
      hits += hit(rank) ? 1 : 0;
    }
    return hits;
  }

  double value(Metric metric, int k) {
    return switch (metric) {
      case RECALL -> hits(k) / relevant.size();
      case PRECISION -> hits(k) / k;
      case HIT_RATE -> Math.min(1, hits(k));
      case NDCG -> {
        double gain = 0;
        double ideal = 0;
        for (int rank = 1; rank <= k; rank++) {
          gain += hit(rank) ? Math.log(2) / Math.log(rank + 1) : 0;
          ideal += rank <= relevant.size() ? Math.log(2) / Math.log(rank + 1) : 0;
        }
        yield gain / ideal;
      }
      case MAP -> {
        double sum = 0;
        for (int rank = 1; rank <= k; rank++) {
          sum += hit(rank) ? hits(rank) / rank : 0;
        }
        yield sum / Math.min(k, relevant.size());
      }
      case MRR -> {
        for (int rank = 1; rank <= k; rank++) {
          if (hit(rank)) {
            yield 1.0 / rank;
          }
        }
        yield 0;
      }
      case AUC -> auc();
    };
  }

  private double auc() {
    double sum = 0;
    for (int good : relevant) {
      for (int other : others) {
        sum += value(good) > value(other) ? 1 : value(good) == value(other) ? 0.5 : 0;
      }
    }
    return others.isEmpty() ? 0.5 : sum / relevant.size() / others.size();
  }

  private float value(int item) {
    return Float.isNaN(scores[item]) ? Float.NEGATIVE_INFINITY : scores[item];
  }
}
