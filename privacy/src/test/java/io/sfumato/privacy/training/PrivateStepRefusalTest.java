package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.Mechanism;
import io.sfumato.privacy.accounting.NoiseSource;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.training.Models.Net;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a private step refuses, and what it tells a ledger. */
@ExtendWith(OneThread.class)
class PrivateStepRefusalTest {

  @Test
  void objectivesWithoutASensitivity() {
    try (Net net = Models.mlp()) {
      assertThatThrownBy(() -> PrivateStep.builder(net.parameters()).sensitivity(Sensitivity.NONE))
          .isInstanceOf(PrivacyException.class)
          .hasMessageContaining("(2n-1)C")
          .hasMessageContaining("public anchors")
          .hasMessageContaining("user-level sampled softmax")
          .extracting(e -> ((PrivacyException) e).code())
          .isEqualTo("NO_SENSITIVITY");
    }
  }

  @Test
  void trainableParametersWithoutARuleByName() {
    try (Net net = Models.mlp(); Scope scope = TensorRuntime.get().scope(); PrivateStep step = step(net).build()) {
      Tape tape = step.tape(scope, 4);
      NDArray x = Models.vectors(scope, 4, 1);
      Parameter bias = net.parameters().getLast();
      NDArray out = net.apply(scope, x, tape).add(bias.value()); // a use that no tape sees
      assertThatThrownBy(() -> step.accumulate(scope, tape, Models.loss(out))).isInstanceOf(EncoderException.class)
          .hasMessageContaining("second.bias");
    }
  }

  @Test
  void trainedParametersThatTheStepWasNotGiven() {
    try (Net net = Models.mlp();
        Scope scope = TensorRuntime.get().scope();
        PrivateStep step = PrivateStep.builder(net.parameters().subList(0, 3))
            .sensitivity(Sensitivity.record(1))
            .sigma(1)
            .expectedUnits(1)
            .build()) {
      assertThatThrownBy(() -> PrivateStepTest.accumulate(step, net, scope, Models.vectors(scope, 4, 1)))
          .isInstanceOf(PrivacyException.class)
          .hasMessageContaining("second.bias");
    }
  }

  @Test
  void frozenParametersAreNotReleased() {
    try (Net net = Models.mlp(); Scope scope = TensorRuntime.get().scope()) {
      net.parameters().getFirst().setTrainable(false);
      try (PrivateStep step = step(net).build()) {
        PrivateStepTest.accumulate(step, net, scope, Models.vectors(scope, 4, 1));
        assertThat(step.release(scope).keySet()).containsExactlyElementsOf(net.parameters().subList(1, 4));
      }
      net.parameters().forEach(parameter -> parameter.setTrainable(false));
      assertThatThrownBy(() -> PrivateStep.builder(net.parameters())).hasMessageContaining("no parameter of 4");
    }
  }

  @Test
  void unusableOptions() {
    try (Net net = Models.mlp()) {
      assertThatThrownBy(() -> step(net).expectedUnits(0)).hasMessageContaining("but was 0.0");
      assertThatThrownBy(() -> step(net).sigma(-1)).hasMessageContaining("but was -1.0");
      assertThatThrownBy(() -> Clipping.parse("ghost", 1)).hasMessageContaining("but was ghost");
      assertThatThrownBy(() -> Clipping.flat(0)).hasMessageContaining("but was 0.0");
      assertThatThrownBy(() -> PrivateStep.builder(net.parameters()).sigma(1).expectedUnits(1).build())
          .hasMessageContaining("sensitivity");
      assertThatThrownBy(() -> step(net).clipping(Clipping.adaptive(1, 0.5, 0.2, 0.9)).build())
          .hasMessageContaining("above the step's 1.0");
      assertThatThrownBy(
          () -> step(net).sensitivity(Sensitivity.record(2)).clipping(Clipping.parse("adaptive", 1)).build())
          .hasMessageContaining("flat clipping");
      assertThatThrownBy(() -> Sensitivity.user(0)).hasMessageContaining("but was 0.0");
    }
  }

  @Test
  void theStepThatWouldPassTheBudget() {
    PrivacyLedger before = PrivacyLedger.empty(PrivacyUnit.RECORD)
        .append(new Release(Phase.of(4, 0.05, 30), 1, "counts", "", NoiseSource.SECURE));
    double rate = 0.1;
    PrivacyBudget budget = PrivacyBudget.of(2, 1e-5);
    try (Net net = Models.mlp();
        Scope scope = TensorRuntime.get().scope();
        PrivateStep step = step(net).sigma(1.5).budget(budget, before, rate).build()) {
      long left = step.stepsLeft();
      assertThat(left).isEqualTo(budget.stepsLeft(before.phases(), Mechanism.of(1.5, rate))).isBetween(5L, 2000L);
      for (long i = 0; i < left; i++) {
        try (Scope inner = scope.child()) {
          step.release(inner);
        }
      }
      assertThat(step.stepsLeft()).isZero();
      assertThatThrownBy(() -> step.release(scope)).isInstanceOf(PrivacyException.class)
          .extracting(e -> ((PrivacyException) e).code())
          .isEqualTo("BUDGET_EXHAUSTED");
      PrivacyLedger after = before.append(step.toRelease(rate, "model weights", "a".repeat(64)));
      assertThat(budget.spent(after.phases())).isLessThanOrEqualTo(2);
      assertThat(step.steps()).isEqualTo(left);
    }
  }

  @Test
  void budgetsOfAnotherUnitOrWithoutNoise() {
    try (Net net = Models.mlp()) {
      PrivacyBudget budget = PrivacyBudget.of(2, 1e-5);
      assertThatThrownBy(() -> step(net).budget(budget, PrivacyLedger.empty(PrivacyUnit.USER), 0.1).build())
          .isInstanceOf(PrivacyException.class)
          .hasMessageContaining("each user")
          .hasMessageContaining("each record");
      assertThatThrownBy(
          () -> step(net).sigma(0).budget(budget, PrivacyLedger.empty(PrivacyUnit.RECORD), 0.1).build())
          .hasMessageContaining("infinite");
    }
  }

  @Test
  void whatTheLedgerIsTold() {
    try (Net net = Models.mlp();
        Scope scope = TensorRuntime.get().scope();
        PrivateStep step = PrivateStep.builder(net.parameters())
            .sensitivity(Sensitivity.user(2))
            .clipping(Clipping.flat(0.25))
            .sigma(3)
            .expectedUnits(10)
            .noise(NoiseGenerator.seeded(1))
            .build()) {
      step.release(scope);
      step.release(scope);
      Release release = step.toRelease(0.01, "model weights", "");
      assertThat(release.phase().steps()).isEqualTo(2);
      assertThat(release.phase().mechanism()).isEqualTo(Mechanism.of(3, 0.01));
      assertThat(release.sensitivity()).isEqualTo(0.5);
      assertThat(release.noiseDeviation()).isEqualTo(step.noiseDeviation());
      assertThat(release.noise()).isEqualTo(NoiseSource.SEEDED);
    }
  }

  @Test
  void theAdaptiveCountIsCharged() {
    ClipRule rule = ClipRule.of(Clipping.adaptive(1, 0.5, 0.2, 4), Sensitivity.user(1), 1.25);
    assertThat(Mechanism.jointSigma(rule.gradientSigma(), 4)).isCloseTo(1.25, within(1e-12));
    assertThat(rule.gradientSigma()).isGreaterThan(1.25);
  }

  @Test
  void anAdaptiveBoundNeverBecomesZero() {
    ClipRule rule = ClipRule.of(Clipping.adaptive(3, 0.5, 0.2, 0), Sensitivity.user(1), 0);
    for (int step = 0; step < 500; step++) {
      rule.factors(new float[][]{{0, 0}}, new double[]{1}, new boolean[0]);
      rule.next(NoiseGenerator.seeded(1), 1);
    }
    assertThat(rule.norm()).isCloseTo(3e-6, within(1e-12));
  }

  @Test
  void usesAfterClosing() {
    try (Net net = Models.mlp(); Scope scope = TensorRuntime.get().scope()) {
      PrivateStep step = step(net).build();
      step.close();
      step.close();
      for (Runnable use : List.<Runnable>of(() -> step.tape(scope, 1), () -> step.release(scope))) {
        assertThatThrownBy(use::run).isInstanceOf(IllegalStateException.class);
      }
    }
  }

  private static PrivateStep.Builder step(Net net) {
    return PrivateStep.builder(net.parameters()).sensitivity(Sensitivity.record(1)).sigma(1).expectedUnits(1);
  }
}
