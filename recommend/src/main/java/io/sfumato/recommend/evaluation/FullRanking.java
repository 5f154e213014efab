package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Split;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ranks the pool for every user of an audience; threads take the next users as they are done, each with a {@link RankingTile} of its own, so that memory does not grow with users × items.
 */
final class FullRanking {
  private final Split split;
  private final Evaluation evaluation;
  private final Audience audience;
  private final BitSet pool;

  FullRanking(Evaluation evaluation, Audience audience, BitSet pool) {
    this.split = evaluation.split();
    this.evaluation = evaluation;
    this.audience = audience;
    this.pool = pool;
  }

  /** The lists of a scorer, and the AUC of each relevant item where the evaluation asks for it. */
  RankedLists rank(Scorer scorer) {
    int width = Math.max(1, Math.min(evaluation.ks().getLast(), split.train().itemCount()));
    RankedLists lists = new RankedLists(audience.size(), width, evaluation.wantsAuc());
    int step = scorer instanceof BlockScorer ? RankingTile.USERS : 1;
    AtomicInteger next = new AtomicInteger();
    Told told = new Told(scorer.name());
    Parallel.onEach(evaluation.threads(), () -> {
      RankingTile tile = new RankingTile(scorer, evaluation, audience, pool, lists, width);
      for (int from = next.getAndAdd(step); from < audience.size(); from = next.getAndAdd(step)) {
        int to = Math.min(from + step, audience.size());
        try {
          tile.rank(from, to);
        } catch (RuntimeException e) {
          throw new IllegalStateException("scorer '%s' failed for user '%s'%s: %s".formatted(scorer.name(),
              split.train().userId(audience.users()[from]),
              to - from > 1 ? " or one of the next " + (to - from - 1) : "", e.getMessage()), e);
        }
        told.more(to - from);
      }
    });
    return lists;
  }

  /** Tells the listener, one thread at a time. */
  private final class Told {
    private final String scorer;
    private int done;

    Told(String scorer) {
      this.scorer = scorer;
    }

    synchronized void more(int users) {
      done += users;
      evaluation.listener().ranked(scorer, done, audience.size());
    }
  }
}
