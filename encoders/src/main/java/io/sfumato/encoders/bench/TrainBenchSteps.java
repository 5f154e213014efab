package io.sfumato.encoders.bench;

import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.AdamWConfig;
import io.sfumato.encoders.nn.Backward;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;

/** What {@link TrainBench} measures the memory of: whole steps with the optimiser's state, on a model of a shape. */
public final class TrainBenchSteps implements StepMemory.Steps {
  /** @param kind shape and fine-tuning, such as {@code bert full} */
  @Override
  public StepMemory.Step open(String kind) {
    String[] words = kind.split(" ", -1);
    BenchModel model = TrainBench.open(words[0]);
    model.backbone().setTraining(FineTuning.parse(words[1]));
    AdamW optimizer = new AdamW(model.parameters(), AdamWConfig.DEFAULT);
    return new StepMemory.Step() {
      @Override
      public void run() {
        try (Scope scope = TensorRuntime.get().scope()) {
          Backward.run(model.loss(scope, null));
        }
        optimizer.step(0);
        optimizer.zeroGradients();
      }

      @Override
      public void close() {
        optimizer.close();
        model.close();
      }
    };
  }
}
