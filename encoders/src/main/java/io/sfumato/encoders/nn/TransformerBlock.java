package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention and a two-layer perceptron, each around a residual connection. Post-norm as in {@linkplain #bert BERT}
 * and {@linkplain #distilbert DistilBERT}, pre-norm as in {@linkplain #vit ViT} and {@linkplain #clip CLIP}, with the
 * parameter names of their Hugging Face checkpoints.
 */
public final class TransformerBlock implements Layer {
  private final Attention attention;
  private final LayerNorm attentionNorm;
  private final Linear up;
  private final Linear down;
  private final LayerNorm outputNorm;
  private final BlockShape shape;
  private final boolean normFirst;
  private double dropout;

  /** Prefixes of the parameters' names. */
  private record Names(Attention.Names attention, String attentionNorm, String up, String down, String outputNorm) {}

  private TransformerBlock(Names names, BlockShape shape, boolean normFirst, Init init) {
    this.attention = new Attention(names.attention(), shape, init);
    this.attentionNorm = new LayerNorm(names.attentionNorm(), shape.width(), shape.eps(), init);
    this.up = new Linear(names.up(), shape.width(), shape.inner(), init);
    this.down = new Linear(names.down(), shape.inner(), shape.width(), init);
    this.outputNorm = new LayerNorm(names.outputNorm(), shape.width(), shape.eps(), init);
    this.shape = shape;
    this.normFirst = normFirst;
  }

  /**
   * A block of BERT and RoBERTa: norms after the residual sums.
   *
   * @param name prefix, such as {@code encoder.layer.0}
   */
  public static TransformerBlock bert(String name, BlockShape shape, Init init) {
    return new TransformerBlock(new Names(attention(name + ".attention.self", name + ".attention.output.dense"),
        name + ".attention.output.LayerNorm", name + ".intermediate.dense", name + ".output.dense",
        name + ".output.LayerNorm"), shape, false, init);
  }

  /** A block of ViT: norms before attention and perceptron. Parameters as {@link #bert}. */
  public static TransformerBlock vit(String name, BlockShape shape, Init init) {
    return new TransformerBlock(new Names(attention(name + ".attention.attention", name + ".attention.output.dense"),
        name + ".layernorm_before", name + ".intermediate.dense", name + ".output.dense", name + ".layernorm_after"),
        shape, true, init);
  }

  /**
   * A block of DistilBERT: norms after the residual sums.
   *
   * @param name prefix, such as {@code transformer.layer.0}
   */
  public static TransformerBlock distilbert(String name, BlockShape shape, Init init) {
    String a = name + ".attention";
    return new TransformerBlock(
        new Names(new Attention.Names(a + ".q_lin", a + ".k_lin", a + ".v_lin", a + ".out_lin"),
            name + ".sa_layer_norm", name + ".ffn.lin1", name + ".ffn.lin2", name + ".output_layer_norm"),
        shape, false, init);
  }

  /**
   * A block of either of CLIP's towers: norms before attention and perceptron.
   *
   * @param name prefix, such as {@code text_model.encoder.layers.0}
   */
  public static TransformerBlock clip(String name, BlockShape shape, Init init) {
    String a = name + ".self_attn";
    return new TransformerBlock(
        new Names(new Attention.Names(a + ".q_proj", a + ".k_proj", a + ".v_proj", a + ".out_proj"),
            name + ".layer_norm1", name + ".mlp.fc1", name + ".mlp.fc2", name + ".layer_norm2"),
        shape, true, init);
  }

  private static Attention.Names attention(String self, String output) {
    return new Attention.Names(self + ".query", self + ".key", self + ".value", output);
  }

  /**
   * Attention and perceptron.
   *
   * @param x [n, t, width]
   * @param mask [n, t]: 1 for a position that counts, 0 for padding; null when all count
   * @return [n, t, width]
   */
  public NDArray forward(Scope scope, NDArray x, @Nullable NDArray mask, @Nullable Tape tape) {
    return scope.condense(inner -> normFirst ? preNorm(inner, x, mask, tape) : postNorm(inner, x, mask, tape));
  }

  private NDArray preNorm(Scope scope, NDArray x, @Nullable NDArray mask, @Nullable Tape tape) {
    NDArray mixed = scope.condense(
        inner -> attention.forward(inner, attentionNorm.forward(inner, x, tape), mask, tape));
    NDArray y = scope.own(x.add(dropped(scope, mixed)));
    return y.add(dropped(scope, perceptron(scope, outputNorm.forward(scope, y, tape), tape)));
  }

  private NDArray postNorm(Scope scope, NDArray x, @Nullable NDArray mask, @Nullable Tape tape) {
    NDArray mixed = scope.condense(inner -> attention.forward(inner, x, mask, tape));
    NDArray y = attentionNorm.forward(scope, scope.own(x.add(dropped(scope, mixed))), tape);
    return outputNorm.forward(scope, y.add(dropped(scope, perceptron(scope, y, tape))), tape);
  }

  private NDArray dropped(Scope scope, NDArray x) {
    TensorRuntime runtime = TensorRuntime.get();
    return dropout == 0 || !runtime.recordsGradients() ? x : runtime.kernels().dropout(scope, x, dropout);
  }

  /**
   * Sets the share of the outputs of attention and perceptron that is set to zero while gradients are recorded.
   *
   * @param probability in [0, 1)
   */
  public void setDropout(double probability) {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1) but was " + probability);
    }
    dropout = probability;
  }

  private NDArray perceptron(Scope scope, NDArray x, @Nullable Tape tape) {
    return scope.condense(
        inner -> down.forward(inner, up.forward(inner, x, shape.activation(), tape), tape));
  }

  @Override
  public List<Layer> children() {
    return normFirst
        ? List.of(attentionNorm, attention, outputNorm, up, down)
        : List.of(attention, attentionNorm, up, down, outputNorm);
  }
}
