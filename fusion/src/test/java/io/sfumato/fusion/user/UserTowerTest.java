package io.sfumato.fusion.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UserTowerTest {
  private static final int D = 3;

  private final SplittableRandom random = new SplittableRandom(5);

  /** Two orthogonal unit vectors, ln 2 of decay: z = unit(0.5, 1) = (0.44721, 0.89443). */
  @Test
  void anOlderEntryCountsLess() {
    UserProfile profile = new UserProfile(10, Math.log(2), new float[]{1, 0, 0, 1}, new float[2]);
    assertThat(profile.vector(List.of(new float[]{1, 0}, new float[]{0, 1}))).containsExactly(new float[]{0.44721f,
      0.89443f}, within(1e-5f));
  }

  @Test
  void onlyTheNewestEntriesCount() {
    UserProfile profile = UserProfile.mean(2, 1);
    assertThat(profile.vector(List.of(new float[]{1, 0}, new float[]{0, 1}))).containsExactly(0, 1);
  }

  @Test
  void withoutAHistoryTheBiasSpeaks() {
    assertThat(UserProfile.mean(2, 5).vector(List.of())).containsExactly(0, 0);
    assertThat(new UserProfile(5, 0, new float[]{1, 0, 0, 1}, new float[]{0, 2}).vector(List.of())).containsExactly(0,
        1);
  }

  @Test
  void influenceSplitsTheScore() {
    UserProfile profile = new UserProfile(3, 0.2, floats(D * D), floats(D));
    List<float[]> history = List.of(floats(D), floats(D), floats(D), floats(D));
    float[] target = floats(D);
    double[] influence = profile.influence(history, target);
    float[] user = profile.vector(history);
    double score = 0;
    for (int k = 0; k < D; k++) {
      score += (double) user[k] * target[k];
    }
    assertThat(Arrays.stream(influence).sum()).isCloseTo(score, within(1e-6));
    assertThat(influence[0]).isZero();
  }

  @Test
  void plainArraysSayWhatTheTowerSays() {
    try (UserTower tower = new UserTower(new UserProfile(4, 0.3, floats(D * D), floats(D)));
        Scope scope = TensorRuntime.get().scope()) {
      float[] flat = floats(3 * D);
      float[] user = tower.forward(scope, scope.floats(new float[]{2, 0, 1}, 1, 3), scope.floats(new float[]{1, 1, 1},
          1, 3), scope.floats(flat, 3, D), null).toFloatArray();
      List<float[]> oldestFirst = new ArrayList<>();
      for (int row : new int[]{0, 2, 1}) {
        oldestFirst.add(Arrays.copyOfRange(flat, row * D, (row + 1) * D));
      }
      assertThat(tower.profile().vector(oldestFirst)).containsExactly(user, within(1e-5f));
    }
  }

  private float[] floats(int n) {
    float[] out = new float[n];
    for (int i = 0; i < n; i++) {
      out[i] = (float) random.nextGaussian();
    }
    return out;
  }
}
