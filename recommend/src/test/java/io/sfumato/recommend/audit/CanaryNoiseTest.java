package io.sfumato.recommend.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.recommend.training.Canary;
import io.sfumato.recommend.training.CanaryTranscript;
import io.sfumato.recommend.training.CanaryTranscript.Noted;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanaryNoiseTest {
  private static final double STATED = 5.5;

  /** Half of them in, with two items each. */
  private static List<Canary> canaries(int count, int items) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Canary("c" + i, new int[]{2 * i % items, (2 * i + 1) % items}, i % 2 == 0))
        .toList();
  }

  /** Scores as counts give them: the mean of the noise at a canary's items, and 1 more where it is in. */
  private static List<Finding> findings(List<Canary> canaries, int items, double scale, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] noise = random.doubles(items).map(u -> STATED * Math.sqrt(2) * scale * random.nextGaussian()).toArray();
    double[] scores = canaries.stream()
        .mapToDouble(canary -> (noise[canary.items()[0]] + noise[canary.items()[1]]) / 2 + (canary.in() ? 1 : 0))
        .toArray();
    return CanaryNoise.of(new CanaryTranscript(List.of(new Noted("counts", scores, STATED))), canaries);
  }

  @Test
  void fourFifthsOfTheNoiseAreTooLittle() {
    List<Canary> canaries = canaries(1000, 2000);
    assertThat(findings(canaries, 2000, 0.8, 1)).singleElement().satisfies(found -> {
      assertThat(found.severity()).isEqualTo(Severity.RED);
      assertThat(found.code()).isEqualTo("CANARY_NOISE_DIFFERS");
      assertThat(found.what()).contains("500 canaries");
    });
    assertThat(findings(canaries, 2000, 1, 1)).singleElement().matches(found -> found.severity() == Severity.GREEN);
    assertThat(findings(canaries, 2000, 0, 1)).singleElement().matches(found -> found.severity() == Severity.RED);
  }

  /** Honest noise is never accused, few items or many; with one in a million by chance, none of 2,000. */
  @Test
  void honestNoiseIsNotAccused() {
    for (int items : new int[]{40, 300, 2000}) {
      List<Canary> canaries = canaries(400, items);
      for (int seed = 0; seed < 2_000; seed++) {
        assertThat(findings(canaries, items, 1, seed)).allMatch(found -> found.severity() == Severity.GREEN);
      }
    }
  }

  /** Four canaries, two pairs with the same two items, are as good as two. */
  @Test
  void sharedItemsAreFewerDegreesOfFreedom() {
    List<Canary> shared = List.of(new Canary("a", new int[]{1, 2}, false), new Canary("b", new int[]{1, 2}, false),
        new Canary("c", new int[]{3, 4}, false), new Canary("d", new int[]{3, 4}, false));
    assertThat(CanaryNoise.freedom(shared)).isCloseTo(2, within(1e-12));
    assertThat(CanaryNoise.freedom(canaries(8, 100))).isEqualTo(8);
    assertThat(CanaryNoise.of(new CanaryTranscript(List.of(new Noted("counts", new double[4], 1))), shared)).isEmpty();
  }
}
