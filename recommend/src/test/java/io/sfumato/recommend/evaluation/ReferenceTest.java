package io.sfumato.recommend.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.datasets.Split;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What the streaming engine says equals what the definitions say, whatever the data, the protocol, the pool, the kind of scorer and the number of threads. */
class ReferenceTest {
  private static final int[] CUTS = {1, 3, 10};

  @Property(tries = 60, seed = "1")
  void everyMetricOfEveryUserEqualsTheReference(@ForAll long seed, @ForAll Protocol protocol,
      @ForAll Evaluation.Pool pool, @ForAll boolean blocks) {
    SplittableRandom random = new SplittableRandom(seed);
    int users = random.nextInt(1, 130); // more than a block has
    int items = random.nextInt(2, 60);
    Split split = Made.random(random, users, items);
    float[][] scores = Made.scores(random, users, items);
    check(split, scores, protocol, pool, blocks, random.nextInt(1, 4));
  }

  /** More items than a block has, so that scores come in several pieces. */
  @Property(tries = 4, seed = "2")
  void aLargeCatalogueToo(@ForAll long seed, @ForAll Evaluation.Pool pool) {
    SplittableRandom random = new SplittableRandom(seed);
    Split split = Made.random(random, 3, 2500);
    check(split, Made.scores(random, 3, 2500), Protocol.FULL, pool, true, 1);
  }

  private static void check(Split split, float[][] scores, Protocol protocol, Evaluation.Pool pool, boolean blocks,
      int threads) {
    EvaluationResult result = Evaluation.of(split)
        .k(CUTS)
        .pool(pool)
        .protocol(protocol)
        .auc(true)
        .threads(threads)
        .scorer(blocks ? Made.blocks("s", scores) : Made.scorer("s", scores))
        .run();
    Set<Integer> members = Evaluation.pool(split, Evaluation.Part.TEST, pool)
        .stream()
        .boxed()
        .collect(Collectors.toSet());
    int[] evaluated = result.users();
    for (int u = 0; u < evaluated.length; u++) {
      int user = evaluated[u];
      Reference reference = new Reference(split, user, scores[scores.length == 1 ? 0 : user], protocol == Protocol.FULL,
          members);
      for (Metric metric : result.metrics()) {
        for (int k : CUTS) {
          assertThat(result.perUser("s", metric, k)[u]).as("%s@%d of user %d", metric, k, user)
              .isCloseTo(reference.value(metric, k), within(1e-6));
        }
      }
    }
    long expected = IntStream.range(0, split.train().userCount())
        .filter(user -> split.test().itemsOf(user).length > 0)
        .filter(user -> Arrays.stream(split.test().itemsOf(user)).anyMatch(members::contains))
        .filter(user -> protocol == Protocol.FULL || split.train().itemsOf(user).length > 0)
        .count();
    assertThat(result.userCount()).isEqualTo((int) expected);
    assertThat(result.metrics()).isEqualTo(List.of(Metric.values()));
  }
}
