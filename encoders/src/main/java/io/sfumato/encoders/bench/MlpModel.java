package io.sfumato.encoders.bench;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The perceptron of {@link BenchModel#mlp}. */
final class MlpModel implements BenchModel {
  private static final int IN = 512;
  private static final int MIDDLE = 1024;
  private static final int OUT = 256;
  private static final int EXAMPLES = 128;

  private final Batch batch = Batch.ofNumbers(OUT, EXAMPLES, IN);
  private final Linear first = new Linear("first", IN, MIDDLE, Init.seed(1));
  private final Linear second = new Linear("second", MIDDLE, OUT, Init.seed(1));
  private final Backbone backbone = new Backbone(List.of(), List.of(first, second), List.of());

  MlpModel() {
    backbone.setTraining(FineTuning.full());
  }

  @Override
  public String name() {
    return "mlp";
  }

  @Override
  public int examples() {
    return EXAMPLES;
  }

  @Override
  public Backbone backbone() {
    return backbone;
  }

  @Override
  public NDArray loss(Scope scope, @Nullable Tape tape) {
    NDArray middle = TensorRuntime.get().kernels().relu(scope, first.forward(scope, batch.input(), tape));
    return batch.loss(scope, second.forward(scope, middle, tape));
  }

  @Override
  public List<Product> products() {
    return List.of(new Product(1, EXAMPLES, IN, MIDDLE, 1), new Product(1, MIDDLE, EXAMPLES, IN, 1),
        new Product(1, EXAMPLES, MIDDLE, OUT, 1), new Product(1, EXAMPLES, OUT, MIDDLE, 1),
        new Product(1, OUT, EXAMPLES, MIDDLE, 1));
  }

  @Override
  public void close() {
    backbone.close();
    batch.close();
  }
}
