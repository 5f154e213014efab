package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.nn.TinyModels.Net;
import io.sfumato.encoders.runtime.Scope;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** Every layer with a per-example rule, alone. */
class TapedLayersTest {
  private static final Init INIT = new Init(7, 0.4);

  @Nested
  class LinearOfVectors extends TapedLayerContract {
    @Override
    Net open() {
      Linear layer = new Linear("linear", 12, 5, INIT);
      return TinyModels.net(List.of(layer), layer::forward);
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 12);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 3, 12);
    }
  }

  @Nested
  class LinearOfSequences extends TapedLayerContract {
    @Override
    Net open() {
      Linear layer = new Linear("linear", 40, 30, INIT);
      return TinyModels.net(List.of(layer), layer::forward);
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 7, 40);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 2, 2, 40);
    }
  }

  @Nested
  class LinearOfSequencesThatAreSplitInHalves extends LinearOfSequences {
    @Override
    Net open() {
      Linear layer = new Linear("linear", 90, 110, INIT);
      return TinyModels.net(List.of(layer), layer::forward);
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 49, 90);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 5, 90);
    }
  }

  @Nested
  class LinearWithoutBias extends LinearOfSequences {
    @Override
    Net open() {
      Linear layer = new Linear("linear", 40, 30, false, INIT);
      return TinyModels.net(List.of(layer), layer::forward);
    }
  }

  @Nested
  class LinearWhoseGradientsAreHeld extends TapedLayerContract {
    @Override
    Net open() {
      Linear layer = new Linear(INIT.normal("w", 4, 3), INIT.constant("b", 0, 4));
      return TinyModels.net(List.of(layer), layer::forward);
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 40, 3);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 9, 3);
    }
  }

  @Nested
  class EmbeddingById extends TapedLayerContract {
    @Override
    Net open() {
      Embedding layer = new Embedding("words", 9, 5, INIT);
      return TinyModels.net(List.of(layer), layer::forward);
    }

    @Override
    NDArray first(Scope scope) {
      return ids(scope, 1, 9, ROWS, 7);
    }

    @Override
    NDArray second(Scope scope) {
      return ids(scope, 2, 9, ROWS);
    }
  }

  @Nested
  class EmbeddingAsOutputWeights extends TapedLayerContract {
    @Override
    Net open() {
      Embedding layer = new Embedding("words", 9, 5, INIT);
      return TinyModels.net(List.of(layer), layer::scores);
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 4, 5);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 5);
    }
  }

  @Nested
  class EmbeddingTiedToOutputWeights extends EmbeddingById {
    @Override
    Net open() {
      Embedding layer = new Embedding("words", 9, 5, INIT);
      return TinyModels.net(List.of(layer), (scope, ids, tape) -> {
        NDArray x = layer.forward(scope, ids, tape);
        return layer.scores(scope, x.tanh(), tape);
      });
    }
  }

  @Nested
  class Positions extends TapedLayerContract {
    @Override
    Net open() {
      PositionEmbedding layer = new PositionEmbedding("positions", 8, 5, INIT);
      return TinyModels.net(List.of(layer), layer::forward);
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 6, 5);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 8, 5);
    }
  }

  @Nested
  class LayerNorms extends TapedLayerContract {
    @Override
    Net open() {
      LayerNorm layer = new LayerNorm("norm", 10, 1e-12, INIT);
      return TinyModels.net(List.of(layer), layer::forward);
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 4, 10);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 10);
    }
  }

  @Nested
  class GroupNorms extends TapedLayerContract {
    @Override
    Net open() {
      GroupNorm layer = new GroupNorm("norm", 2, 6, INIT);
      return TinyModels.net(List.of(layer), layer::forward);
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 6, 4, 3);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 6, 2, 2);
    }
  }

  /** Few patches against the weight: norms come from the products of patches. */
  @Nested
  class ConvolutionOfFewPatches extends TapedLayerContract {
    @Override
    Net open() {
      Conv2d layer = new Conv2d("conv", 24, 40, 3, 2, 1, true, INIT);
      return TinyModels.net(List.of(layer), layer::forward);
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 24, 5, 6);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 24, 3, 3);
    }
  }

  /** Many patches against the weight: gradients are held. */
  @Nested
  class ConvolutionOfManyPatches extends TapedLayerContract {
    @Override
    Net open() {
      Conv2d layer = new Conv2d("conv", 3, 4, 3, 1, 1, false, INIT);
      return TinyModels.net(List.of(layer), layer::forward);
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 3, 10, 11);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 3, 6, 5);
    }
  }

  @Nested
  class AttentionProjections extends TapedLayerContract {
    @Override
    Net open() {
      Attention layer = new Attention(new Attention.Names("query", "key", "value", "output"),
          BlockShape.of(8, 2, 8, 1e-5), INIT);
      return TinyModels.net(List.of(layer), (scope, x, tape) -> layer.forward(scope, x, null, tape));
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 5, 8);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 3, 8);
    }
  }

  /** Statistics that no training changes, different a channel. */
  @Nested
  class BatchNormsOfFixedStatistics extends TapedLayerContract {
    @Override
    Net open() {
      FrozenBatchNorm layer = new FrozenBatchNorm("norm", 3, 1e-5, INIT);
      layer.buffers().get(0).set(new float[]{0.5f, -1, 2});
      layer.buffers().get(1).set(new float[]{0.25f, 4, 1});
      return TinyModels.net(List.of(layer), layer::forward);
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 3, 4, 5);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 3, 2, 2);
    }
  }

  /** A class token whose loss depends on what stands behind it, too. */
  @Nested
  class ClassTokens extends TapedLayerContract {
    @Override
    Net open() {
      ClassToken layer = new ClassToken("token", INIT, 1, 1, 5);
      return TinyModels.net(List.of(layer), (scope, x, tape) -> layer.forward(scope, x, tape).tanh());
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 3, 5);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 1, 5);
    }
  }

  /** A gate: a weight a feature, from a softmax of a parameter. */
  @Nested
  class ReplicatedGate extends TapedLayerContract {
    @Override
    Net open() {
      Replicated layer = new Replicated(new Parameter("logits", new Shape(2, 2), new float[]{0.5f, -1, 0, 2}));
      return TinyModels.net(List.of(layer), (scope, x, tape) -> {
        NDArray copies = layer.forward(scope, (int) x.getShape().get(0), tape);
        return x.mul(copies.softmax(-1));
      });
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 4);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 4);
    }
  }
}
