package io.sfumato.fusion.training;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.Backward;
import io.sfumato.encoders.nn.Schedule;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.objective.ContrastiveObjective;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Learns from the catalogue alone, images from texts and texts from images, before a private training: what is public costs no privacy. Looks at no interaction.
 */
final class CatalogTraining {
  private final TrainingConfig config;
  private final Trainee trainee;
  private final int[] items;

  /** @param size of the catalogue */
  CatalogTraining(TrainingConfig config, Trainee trainee, int size) {
    this.config = config;
    this.trainee = trainee;
    this.items = IntStream.range(0, size).toArray();
  }

  /** Trains in place. */
  void run(int epochs, Progress progress) {
    int chunk = Math.min(items.length, Math.max(2, config.itemsPerStep()));
    int steps = items.length / chunk;
    long total = (long) epochs * steps;
    Schedule schedule = Schedule.warmupCosine(config.learningRate(),
        Math.min(total - 1, Math.round(config.warmup() * total)), total);
    ContrastiveObjective contrastive = new ContrastiveObjective(config.contrastiveTemperature());
    SplittableRandom random = new SplittableRandom(config.seed() ^ 0xca7a109L);
    progress.start("learning from the public catalogue", total);
    for (int epoch = 0; epoch < epochs; epoch++) {
      StepPlan.shuffle(items, random);
      for (int i = 0; i < steps; i++) {
        double loss;
        try (Scope scope = TensorRuntime.get().scope()) {
          int[] part = IntStream.range(i * chunk, (i + 1) * chunk).map(k -> items[k]).toArray();
          NDArray value = trainee.catalogLoss(scope, part, contrastive, random);
          loss = value.toFloatArray()[0];
          if (!Double.isFinite(loss)) {
            throw new FusionException("DIVERGED", "the loss on the catalogue is %s; lower the learning rate %s"
                .formatted(loss, config.learningRate()));
          }
          if (loss > 0) { // zero where no two items of the chunk have both a text and an image
            Backward.run(value);
          }
        }
        for (AdamW optimizer : trainee.optimizers().values()) {
          optimizer.step(schedule.lr((long) epoch * steps + i));
          optimizer.zeroGradients();
        }
        progress.advance(1, String.format(Locale.ROOT, "epoch %d loss %.3f", epoch + 1, loss));
      }
    }
    progress.finish();
  }
}
