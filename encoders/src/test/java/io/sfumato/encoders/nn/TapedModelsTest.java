package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.TinyModels.Net;
import io.sfumato.encoders.runtime.Scope;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;

/** Whole networks of layers with per-example rules; two uses of one are two towers that share it. */
class TapedModelsTest {
  @Nested
  class Mlp extends TapedLayerContract {
    @Override
    Net open() {
      return TinyModels.mlp();
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 12);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 12);
    }
  }

  /** Padding, words that repeat, sequences shorter than the table of positions. */
  @Nested
  class Bert extends TapedLayerContract {
    @Override
    Net open() {
      return TinyModels.transformer();
    }

    @Override
    NDArray first(Scope scope) {
      long[][] ids = {{3, 4, 3, 3, 5, 0, 0}, {7, 8, 9, 10, 11, 12, 13}, {2, 0, 0, 0, 0, 0, 0}, {1, 1, 1, 1, 1, 1, 0},
        {19, 3, 19, 3, 2, 3, 0}, {6, 5, 4, 3, 2, 1, 15}};
      return scope.longs(Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray(), ROWS, 7);
    }

    @Override
    NDArray second(Scope scope) {
      long[][] ids = {{3, 0, 0}, {7, 8, 0}, {2, 2, 2}, {1, 19, 5}, {4, 0, 0}, {15, 6, 0}};
      return scope.longs(Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray(), ROWS, 3);
    }
  }

  /** Adapters beside every linear layer, in a block that sees all positions and in a causal one. */
  @Nested
  class Adapted extends Bert {
    @Override
    Net open() {
      return TinyModels.adapted();
    }
  }

  @Nested
  class Vit extends TapedLayerContract {
    @Override
    Net open() {
      return TinyModels.vit();
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 9, 12);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 4, 12);
    }
  }

  @Nested
  class ResNetWithGroupNorm extends TapedLayerContract {
    @Override
    Net open() {
      return TinyModels.resnet();
    }

    @Override
    NDArray first(Scope scope) {
      return numbers(scope, 1, ROWS, 3, 12, 12);
    }

    @Override
    NDArray second(Scope scope) {
      return numbers(scope, 2, ROWS, 3, 8, 9);
    }
  }
}
