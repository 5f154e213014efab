package io.sfumato.privacy.training;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.BlockShape;
import io.sfumato.encoders.nn.Embedding;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.LayerNorm;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.PositionEmbedding;
import io.sfumato.encoders.nn.ResidualBlock;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.nn.TransformerBlock;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Networks and batches for tests of private steps. */
final class Models {
  private Models() {}

  /** A network from a batch of inputs to outputs [n, k]; owns its parameters. */
  record Net(List<Parameter> parameters, Forward forward) implements AutoCloseable {
    NDArray apply(Scope scope, NDArray x, @Nullable Tape tape) {
      return forward.apply(scope, x, tape);
    }

    @Override
    public void close() {
      parameters.forEach(Parameter::close);
    }
  }

  /** Forward pass of a {@link Net}. */
  @FunctionalInterface
  interface Forward {
    NDArray apply(Scope scope, NDArray x, @Nullable Tape tape);
  }

  static Net net(List<? extends Layer> layers, Forward forward) {
    List<Parameter> all = new ArrayList<>();
    layers.forEach(layer -> all.addAll(layer.parameters()));
    return new Net(all, forward);
  }

  /** 6 numbers to 3. */
  static Net mlp() {
    Linear first = new Linear("first", 6, 8, new Init(1, 0.4));
    Linear second = new Linear("second", 8, 3, new Init(2, 0.4));
    return net(List.of(first, second), (scope, x, tape) -> second.forward(scope,
        TensorRuntime.get().kernels().relu(scope, first.forward(scope, x, tape)), tape));
  }

  /** Ids [n, t] of 20, 0 for padding, to 4 numbers. */
  static Net bert() {
    Init init = new Init(2, 0.2);
    Embedding words = new Embedding("words", 20, 8, init);
    PositionEmbedding positions = new PositionEmbedding("positions", 9, 8, init);
    LayerNorm norm = new LayerNorm("norm", 8, 1e-12, init);
    TransformerBlock block = TransformerBlock.bert("encoder.layer.0", BlockShape.of(8, 2, 24, 1e-12), init);
    Linear head = new Linear("head", 8, 4, init);
    return net(List.of(words, positions, norm, block, head), (scope, ids, tape) -> {
      NDArray mask = ids.neq(0);
      NDArray x = norm.forward(scope, positions.forward(scope, words.forward(scope, ids, tape), tape), tape);
      x = block.forward(scope, x, mask, tape);
      return head.forward(scope, TensorRuntime.get().kernels().maskedMean(scope, x, mask), tape);
    });
  }

  /** Four vectors of 8 each to 3 numbers, through attention and normalisation. */
  static Net vit() {
    Init init = new Init(3, 0.2);
    TransformerBlock block = TransformerBlock.vit("encoder.layer.0", BlockShape.of(8, 2, 24, 1e-6), init);
    Linear head = new Linear("head", 8, 3, init);
    return net(List.of(block, head),
        (scope, x, tape) -> head.forward(scope, block.forward(scope, x, null, tape).mean(new int[]{1}), tape));
  }

  /** Images [n, 3, 6, 6] to 3 numbers, through convolutions and group normalisation. */
  static Net resnet() {
    Init init = Init.seed(3);
    ResidualBlock block = new ResidualBlock("layer1.0", 3, 8, 2, 2, init);
    Linear head = new Linear("fc", 8, 3, new Init(3, 0.3));
    return net(List.of(block, head), (scope, x, tape) -> head.forward(scope,
        TensorRuntime.get().kernels().meanPool2d(scope, block.forward(scope, x, tape)), tape));
  }

  /** n vectors of 6, each of another length. */
  static NDArray vectors(Scope scope, int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[n * 6];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1) * (1 + 3f * i / values.length);
    }
    return scope.floats(values, n, 6);
  }

  /** n sentences of 7 positions at most. */
  static NDArray sentences(Scope scope, int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] ids = new long[n * 7];
    for (int i = 0; i < n; i++) {
      int length = random.nextInt(1, 8);
      for (int t = 0; t < length; t++) {
        ids[i * 7 + t] = random.nextInt(1, 20);
      }
    }
    return scope.longs(ids, n, 7);
  }

  /** Sum over rows of a loss of each row alone. */
  static NDArray loss(NDArray out) {
    return out.sub(1).square().sum();
  }
}
