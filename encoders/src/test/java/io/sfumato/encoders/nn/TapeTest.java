package io.sfumato.encoders.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.runtime.OneThread;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a tape refuses, and what it frees; its figures are the contract's of {@link TapedLayerContract}. */
@ExtendWith(OneThread.class)
class TapeTest {
  private Scope scope;
  private Linear layer;

  @BeforeEach
  void open() {
    scope = TensorRuntime.get().scope();
    layer = new Linear("linear", 3, 3, Init.seed(1));
  }

  @AfterEach
  void close() {
    layer.close();
    scope.close();
  }

  @Test
  void aParameterOfTwoLayersIsRefusedBeforeTheFirstSum() {
    Linear other = new Linear(layer.weight(), null);
    Tape tape = new Tape(scope, 2, layer.parameters());
    NDArray x = other.forward(scope, layer.forward(scope, rows(2), tape), tape);
    tape.backward(x.sum());
    List<Parameter> given = new ArrayList<>();
    assertThatThrownBy(() -> tape.clippedSums(i -> ones(2), (parameter, sum) -> given.add(parameter)))
        .isInstanceOf(EncoderException.class)
        .hasMessageStartingWith("Parameter linear.weight belongs to two layers");
    assertThat(given).isEmpty();
  }

  @Test
  void rowsThatNobodySaidTheExampleOfAreRefused() {
    Tape tape = new Tape(scope, 2);
    assertThatThrownBy(() -> layer.forward(scope, rows(3), tape))
        .hasMessageContaining("were used on 3 rows, the tape has 2");
    tape.units(new int[]{0, 1, 1, 0});
    assertThatThrownBy(() -> layer.forward(scope, rows(3), tape)).hasMessageContaining("4 rows by Tape.units");
    assertThatThrownBy(() -> tape.units(new int[]{0, 2})).hasMessage("unit 2 is not in [0, 2)");
  }

  @Test
  void oneBackwardPassATapeAndNoneWithoutLayersThatLearn() {
    Tape tape = new Tape(scope, 2);
    NDArray loss = layer.forward(scope, rows(2), tape).sum();
    assertThatThrownBy(tape::squaredNorms).hasMessageContaining("call Tape.backward");
    tape.backward(loss);
    assertThatThrownBy(() -> tape.backward(loss)).hasMessageContaining("make a new one a step");
    layer.parameters().forEach(parameter -> parameter.setTrainable(false));
    Tape nothing = new Tape(scope, 2, layer.parameters());
    NDArray constant = layer.forward(scope, rows(2), nothing).sum();
    assertThatThrownBy(() -> nothing.backward(constant)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("saw no layer that learns");
  }

  @Test
  void aLayerThatTheLossDoesNotReachHasZeros() {
    Linear idle = new Linear("idle", 3, 2, Init.seed(2));
    try (idle) {
      Tape tape = new Tape(scope, 2);
      idle.forward(scope, rows(2), tape);
      tape.backward(layer.forward(scope, rows(2), tape).sum());
      assertThat(tape.gradients().get(0).squaredNorms().toFloatArray()).containsExactly(0, 0);
      NDArray sum = Objects.requireNonNull(tape.clippedSum(ones(2)).get(idle.weight()));
      assertThat(sum.toFloatArray()).containsOnly(0);
    }
  }

  @Test
  void takingTheSumsFreesWhatTheLayersRecorded() {
    Tape tape = new Tape(scope, 2);
    tape.backward(layer.forward(scope, rows(2), tape).sum());
    tape.squaredNorms();
    int before = scope.size();
    List<NDArray> sums = new ArrayList<>();
    tape.clippedSums(i -> ones(2), (parameter, sum) -> sums.add(sum));
    assertThat(scope.size()).isLessThan(before);
    assertThat(sums).hasSize(2).allSatisfy(sum -> assertThat(sum.toString()).contains("already closed"));
  }

  private NDArray rows(int n) {
    return TapedLayerContract.numbers(scope, 3, n, 3);
  }

  private NDArray ones(int n) {
    return scope.manager().ones(new Shape(n));
  }
}
