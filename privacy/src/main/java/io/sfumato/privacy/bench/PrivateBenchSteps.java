package io.sfumato.privacy.bench;

import io.sfumato.encoders.bench.BenchModel;
import io.sfumato.encoders.bench.StepMemory;
import io.sfumato.privacy.training.PrivateStep;

/** What {@link PrivateBench} measures the memory of. */
public final class PrivateBenchSteps implements StepMemory.Steps {
  /** @param kind such as {@code BERT private} or {@code VIT plain} */
  @Override
  public StepMemory.Step open(String kind) {
    String[] words = kind.split(" ", -1);
    BenchModel model = PrivateBench.Kind.valueOf(words[0]).open();
    PrivateStep step = PrivateBench.step(model);
    boolean isPrivate = words[1].equals("private");
    return new StepMemory.Step() {
      @Override
      public void run() {
        if (isPrivate) {
          PrivateBench.privateBatch(model, step);
        } else {
          PrivateBench.plainBatch(model);
        }
      }

      @Override
      public void close() {
        step.close();
        model.close();
      }
    };
  }
}
