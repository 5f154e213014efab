package io.sfumato.fusion.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.training.Sensitivity;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = TensorRuntime.get().scope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private StepBatch batch(float[] targets, float[] hidden) {
    NDArray users = scope.floats(new float[]{1, 0}, 1, 2);
    NDArray items = scope.floats(new float[]{1, 0, 0, 1, -1, 0}, 3, 2);
    NDArray other = scope.floats(new float[]{0, 1, 1, 0, 1, 0}, 3, 2);
    return new StepBatch(users, items, scope.floats(targets, 1, 3), scope.floats(hidden, 1, 3), List.of(items, other),
        new boolean[][]{{true, true, true}, {true, true, false}}, null);
  }

  /** Scores 1, 0, −1 at τ = 1, target first: −ln(e / (e + 1 + 1/e)) = 0.40761. */
  @Test
  void interactionIsTheSoftmaxOverCandidates() {
    try (InteractionObjective objective = new InteractionObjective(1, true)) {
      float loss = objective.loss(scope, batch(new float[]{1, 0, 0}, new float[3])).toFloatArray()[0];
      assertThat(loss).isCloseTo(0.40761f, within(1e-5f));
    }
  }

  /** Without the third candidate, and with both others as targets: (ln(1 + 1/e) + ln(1 + e)) / 2 = 0.81326. */
  @Test
  void historyIsNoCandidateAndTargetsShareTheWeight() {
    try (InteractionObjective objective = new InteractionObjective(1, true)) {
      float loss = objective.loss(scope, batch(new float[]{1, 1, 0}, new float[]{0, 0, 1})).toFloatArray()[0];
      assertThat(loss).isCloseTo(0.81326f, within(1e-5f));
      assertThat(objective.temperature()).isCloseTo(1, within(1e-6));
      assertThat(objective.sensitivity()).isEqualTo(Sensitivity.user(1));
    }
  }

  /** Two pairs whose own products are 0 and whose others are 1, τ = 1: ln(1 + e) = 1.31326 both ways; the third item has no second modality. */
  @Test
  void contrastiveIsSymmetricOverItemsThatHaveBoth() {
    try (ContrastiveObjective objective = new ContrastiveObjective(1)) {
      float loss = objective.loss(scope, batch(new float[]{1, 0, 0}, new float[3])).toFloatArray()[0];
      assertThat(loss).isCloseTo(1.31326f, within(1e-5f));
      assertThat(objective.sensitivity().declared()).isFalse();
    }
  }

  @Test
  void aSumIsAsSensitiveAsItsWorstPart() {
    try (WeightedObjective both = new WeightedObjective(List.of(new InteractionObjective(1, true),
        new ContrastiveObjective(1)), List.of(1.0, 0.5))) {
      float loss = both.loss(scope, batch(new float[]{1, 0, 0}, new float[3])).toFloatArray()[0];
      assertThat(loss).isCloseTo(0.40761f + 0.5f * 1.31326f, within(1e-5f));
      assertThat(both.sensitivity().declared()).isFalse();
      assertThat(both.name()).isEqualTo("interaction+contrastive");
    }
  }
}
