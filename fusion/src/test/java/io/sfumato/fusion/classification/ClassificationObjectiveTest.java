package io.sfumato.fusion.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.training.Sensitivity;
import org.junit.jupiter.api.Test;

/** Cross-entropy against values worked by hand. */
class ClassificationObjectiveTest {
  private static final float LN2 = (float) Math.log(2);

  private static float[] losses(ClassificationObjective objective, float[] logits, int... labels) {
    try (Scope scope = TensorRuntime.get().scope()) {
      return objective.losses(scope, scope.floats(logits, labels.length, logits.length / labels.length), labels)
          .toFloatArray();
    }
  }

  /** Logits (ln 2, 0, 0) are the probabilities 1/2, 1/4, 1/4. */
  @Test
  void crossEntropyByHand() {
    assertThat(losses(ClassificationObjective.of(3, 0), new float[]{LN2, 0, 0, LN2, 0, 0}, 0, 2))
        .containsExactly(new float[]{LN2, 2 * LN2}, within(1e-6f));
  }

  /** With smoothing 0.3 the target is 0.8, 0.1, 0.1: 0.8 ln 2 + 0.2 ln 4. */
  @Test
  void smoothingByHand() {
    assertThat(losses(ClassificationObjective.of(3, 0.3), new float[]{LN2, 0, 0}, 0))
        .containsExactly(new float[]{1.2f * LN2}, within(1e-6f));
  }

  /** Three examples of the first class and one of the second: weights 4/(2·3) and 4/(2·1); the absent third weighs one. */
  @Test
  void balancedWeightsByHand() {
    ClassificationObjective balanced = ClassificationObjective.balanced(3, 0, new int[]{0, 0, 0, 1});
    assertThat(losses(balanced, new float[]{LN2, 0, 0, LN2, 0, 0, LN2, 0, 0}, 0, 1, 2))
        .containsExactly(new float[]{LN2 * 2 / 3, 2 * LN2 * 2, 2 * LN2}, within(1e-6f));
    assertThat(losses(ClassificationObjective.weighted(0, new double[]{3, 1}), new float[]{0, 0}, 0))
        .containsExactly(new float[]{3 * LN2}, within(1e-6f));
  }

  @Test
  void declaresOneClipForEachRecordUnlessItsWeightsAreMadeOfTheData() {
    assertThat(ClassificationObjective.of(2, 0.1).sensitivity()).isEqualTo(new Sensitivity(PrivacyUnit.RECORD, 1));
    assertThat(ClassificationObjective.weighted(0, new double[]{1, 2}).sensitivity().declared()).isTrue();
    ClassificationObjective balanced = ClassificationObjective.balanced(2, 0, new int[]{0, 1});
    assertThat(balanced.sensitivity().declared()).isFalse();
    assertThatThrownBy(balanced::requirePrivate).isInstanceOf(FusionException.class)
        .hasMessageContaining("no step accounts for");
  }

  @Test
  void whatIsNoObjectiveIsRefused() {
    assertThatThrownBy(() -> ClassificationObjective.of(1, 0)).hasMessageContaining("two classes or more");
    assertThatThrownBy(() -> ClassificationObjective.of(2, 1)).hasMessageContaining("[0, 1)");
    assertThatThrownBy(() -> ClassificationObjective.weighted(0, new double[]{1, 0})).hasMessageContaining("positive");
  }
}
