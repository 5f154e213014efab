package io.sfumato.encoders.text;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.LayerNorm;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a text's pooled vector goes through; the modules that sentence-transformers knows. */
sealed interface HeadStep {
  /** x [n, in] to [n, {@link #dimension}(in)]. */
  NDArray forward(Scope scope, NDArray x, @Nullable Tape tape);

  /** The length of its vectors. */
  default int dimension(int in) {
    return in;
  }

  /** The layers that it owns. */
  default List<Layer> layers() {
    return List.of();
  }

  /** The module's name in sentence-transformers. */
  String module();

  /** The module's {@code config.json}. */
  ObjectNode config(int in);

  /** What it computes, without the weights. */
  default String description() {
    return module();
  }

  /** Divides by the length. */
  record Normalize() implements HeadStep {
    @Override
    public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
      return TensorRuntime.get().kernels().unit(scope, x);
    }

    @Override
    public String module() {
      return "Normalize";
    }

    @Override
    public ObjectNode config(int in) {
      return new ObjectMapper().createObjectNode();
    }
  }

  /**
   * A linear layer and an activation.
   *
   * @param activation null for none
   * @param out the length of its vectors
   */
  record Dense(Linear linear, @Nullable Activation activation, int out, boolean bias) implements HeadStep {
    @Override
    public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
      NDArray z = linear.forward(scope, x, tape);
      return activation == null ? z : activation.apply(scope, z);
    }

    @Override
    public int dimension(int in) {
      return out;
    }

    @Override
    public List<Layer> layers() {
      return List.of(linear);
    }

    @Override
    public String module() {
      return "Dense";
    }

    @Override
    public ObjectNode config(int in) {
      return new ObjectMapper().createObjectNode()
          .put("in_features", in)
          .put("out_features", out)
          .put("bias", bias)
          .put("activation_function", SentenceModules.torchName(activation));
    }

    @Override
    public String description() {
      return "Dense " + out + " " + (activation == null ? "identity" : activation.configName());
    }
  }

  /** Layer normalisation with ε = 1e-5. */
  record Norm(LayerNorm norm) implements HeadStep {
    static final double EPS = 1e-5;

    @Override
    public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
      return norm.forward(scope, x, tape);
    }

    @Override
    public List<Layer> layers() {
      return List.of(norm);
    }

    @Override
    public String module() {
      return "LayerNorm";
    }

    @Override
    public ObjectNode config(int in) {
      return new ObjectMapper().createObjectNode().put("dimension", in);
    }
  }
}
