package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Small networks of every layer there is, for tests of rules that must hold for all of them. */
final class TinyModels {
  private TinyModels() {}

  /** A network from a batch of inputs to outputs [n, k]. */
  interface Net extends AutoCloseable {
    NDArray forward(Scope scope, NDArray x, @Nullable Tape tape);

    List<Parameter> parameters();

    @Override
    default void close() {
      parameters().forEach(Parameter::close);
    }
  }

  /** Forward pass of a {@link Net}. */
  @FunctionalInterface
  interface Forward {
    NDArray apply(Scope scope, NDArray x, @Nullable Tape tape);
  }

  static Net of(List<Parameter> all, Forward forward) {
    return new Net() {
      @Override
      public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
        return forward.apply(scope, x, tape);
      }

      @Override
      public List<Parameter> parameters() {
        return all;
      }
    };
  }

  static Net net(List<? extends Layer> layers, Forward forward) {
    List<Parameter> all = new ArrayList<>();
    layers.forEach(layer -> all.addAll(layer.parameters()));
    return of(all, forward);
  }

  /** 12 numbers to 5: linear, ReLU, linear, the latter without bias. */
  static Net mlp() {
    Linear first = new Linear("first", 12, 16, new Init(1, 0.3));
    Linear second = new Linear("second", 16, 5, false, new Init(1, 0.3));
    return net(List.of(first, second),
        (scope, x, tape) -> second.forward(scope, kernels().relu(scope, first.forward(scope, x, tape)), tape));
  }

  /** Ids [n, t] of 20, 0 for padding, through one post-norm and one pre-norm block of width 8; longest sequence 9. */
  static Net transformer() {
    Init init = new Init(2, 0.2);
    Embedding words = new Embedding("words", 20, 8, init);
    PositionEmbedding positions = new PositionEmbedding("positions", 9, 8, init);
    LayerNorm norm = new LayerNorm("norm", 8, 1e-12, init);
    TransformerBlock bert = TransformerBlock.bert("encoder.layer.0", BlockShape.of(8, 2, 24, 1e-12), init);
    TransformerBlock vit = TransformerBlock.vit("encoder.layer.1", BlockShape.of(8, 2, 24, 1e-12), init);
    Linear head = new Linear("head", 8, 4, init);
    return net(List.of(words, positions, norm, bert, vit, head), (scope, ids, tape) -> {
      NDArray mask = ids.neq(0);
      NDArray x = norm.forward(scope, positions.forward(scope, words.forward(scope, ids, tape), tape), tape);
      x = vit.forward(scope, bert.forward(scope, x, mask, tape), mask, tape);
      return head.forward(scope, kernels().maskedMean(scope, x, mask), tape);
    });
  }

  /** As {@link #transformer}, with adapters that do something beside every linear layer of the blocks; all of it learns. */
  static Net adapted() {
    Init init = new Init(2, 0.2);
    Embedding words = new Embedding("words", 20, 8, init);
    TransformerBlock bert = TransformerBlock.bert("encoder.layer.0", BlockShape.of(8, 2, 24, 1e-12), init);
    TransformerBlock clip = TransformerBlock.clip("encoder.layers.1",
        BlockShape.of(8, 2, 24, 1e-12).with(Activation.QUICK_GELU).asCausal(), init);
    Linear head = new Linear("head", 8, 4, init);
    Backbone backbone = new Backbone(List.of(words), List.of(bert, clip), List.of(head));
    backbone.setTraining(new FineTuning.Lora(2, 3, Set.of(FineTuning.Lora.ALL_LINEAR)));
    disturb(backbone);
    backbone.parameters().forEach(parameter -> parameter.setTrainable(true));
    return of(backbone.parameters(), (scope, ids, tape) -> {
      NDArray mask = ids.neq(0);
      NDArray x = bert.forward(scope, words.forward(scope, ids, tape), mask, tape);
      return head.forward(scope, kernels().maskedMean(scope, clip.forward(scope, x, mask, tape), mask), tape);
    });
  }

  /** Gives the second matrix of every adapter, zero at first, values. */
  static void disturb(Backbone backbone) {
    for (Parameter parameter : backbone.adapterParameters()) {
      if (parameter.name().endsWith("lora_B.weight")) {
        try (Parameter values = new Init(7, 0.2).normal(parameter.name(), parameter.shape().getShape())) {
          parameter.set(values.toArray());
        }
      }
    }
  }

  /** Patches [n, t, 12] through two pre-norm blocks of width 8; at most 9 of them. */
  static Net vit() {
    Init init = new Init(4, 0.2);
    Linear patches = new Linear("patches", 12, 8, init);
    PositionEmbedding positions = new PositionEmbedding("positions", 9, 8, init);
    TransformerBlock first = TransformerBlock.vit("encoder.layer.0", BlockShape.of(8, 2, 16, 1e-12), init);
    TransformerBlock second = TransformerBlock.vit("encoder.layer.1", BlockShape.of(8, 2, 16, 1e-12), init);
    LayerNorm norm = new LayerNorm("norm", 8, 1e-12, init);
    Linear head = new Linear("head", 8, 4, init);
    return net(List.of(patches, positions, first, second, norm, head), (scope, x, tape) -> {
      NDArray y = positions.forward(scope, patches.forward(scope, x, tape), tape);
      y = second.forward(scope, first.forward(scope, y, null, tape), null, tape);
      return head.forward(scope, norm.forward(scope, y, tape).mean(new int[]{1}), tape);
    });
  }

  /** Images [n, 3, 12, 12] through a convolution and two residual blocks, one of them with a shortcut projection. */
  static Net resnet() {
    Init init = Init.seed(3);
    Conv2d stem = new Conv2d("conv1", 3, 6, 3, 1, 1, true, init);
    GroupNorm norm = new GroupNorm("bn1", 2, 6, init);
    ResidualBlock same = new ResidualBlock("layer1.0", 6, 6, 1, 2, init);
    ResidualBlock half = new ResidualBlock("layer2.0", 6, 16, 4, 4, init);
    Linear head = new Linear("fc", 16, 4, new Init(3, 0.3));
    return net(List.of(stem, norm, same, half, head), (scope, x, tape) -> {
      NDArray y = kernels().relu(scope, norm.forward(scope, stem.forward(scope, x, tape), tape));
      y = half.forward(scope, same.forward(scope, y, tape), tape);
      return head.forward(scope, kernels().meanPool2d(scope, y), tape);
    });
  }

  static Kernels kernels() {
    return TensorRuntime.get().kernels();
  }
}
