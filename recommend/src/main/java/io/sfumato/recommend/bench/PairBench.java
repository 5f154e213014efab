package io.sfumato.recommend.bench;

import io.sfumato.datasets.Item;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.pairs.PairConfig;
import io.sfumato.fusion.pairs.PairEpoch;
import io.sfumato.fusion.pairs.PairModel;
import io.sfumato.fusion.pairs.PairRecall;
import io.sfumato.fusion.pairs.PairSplit;
import io.sfumato.fusion.pairs.PairTrainer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What tuning encoders on pairs brings: recall among test pairs that {@link PairSplit#byHash} holds out, which neither the
 * training nor the choice of settings has seen.
 */
public final class PairBench {
  private final PairSplit split;
  private final @Nullable VectorCache cache;

  /**
   * @param items items with text and image
   * @param test pairs to measure with
   * @param valid pairs, of the others, that say when to stop
   * @param cache of vectors of frozen encoders, or null
   */
  public PairBench(List<Item> items, int test, int valid, @Nullable VectorCache cache) {
    this.split = PairSplit.byHash(items, test, valid);
    this.cache = cache;
  }

  /** The parts. */
  public PairSplit split() {
    return split;
  }

  /**
   * A run.
   *
   * @param test recall among the test pairs, or the validation pairs where these were asked for
   * @param seconds of training, vectors of frozen encoders included
   * @param log of its epochs
   */
  public record Run(PairRecall test, double seconds, List<PairEpoch> log) {
    /** Names and values, for JSON. */
    public Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>(test.toMap());
      map.put("times_chance_text_to_image", test.textToImage().at10() / test.chance10());
      map.put("times_chance_image_to_text", test.imageToText().at10() / test.chance10());
      map.put("epochs", log.size());
      map.put("seconds", seconds);
      return map;
    }
  }

  /**
   * Trains with a configuration and measures; opens the encoders anew.
   *
   * @param onValidation whether it measures on the validation pairs, by which settings are chosen, instead of the test pairs
   */
  public Run run(Supplier<? extends TextEncoder> texts, Supplier<? extends ImageEncoder> images, boolean freshImage,
      PairConfig config, boolean onValidation, Progress progress) {
    long begin = System.nanoTime();
    try (PairModel model = trained(texts.get(), images, freshImage, config, progress)) {
      double seconds = (System.nanoTime() - begin) / 1e9;
      boolean keep = config.text() instanceof FineTuning.Frozen && config.image() instanceof FineTuning.Frozen;
      return new Run(model.recall(onValidation ? split.valid() : split.test(), keep ? cache : null, progress), seconds,
          model.trainingLog());
    }
  }

  private PairModel trained(TextEncoder text, Supplier<? extends ImageEncoder> images, boolean freshImage,
      PairConfig config, Progress progress) {
    ImageEncoder image = null;
    try {
      image = images.get();
      return new PairTrainer(text, image, freshImage, config, cache).train(split, progress);
    } catch (RuntimeException e) {
      text.close();
      if (image != null) {
        image.close();
      }
      throw e;
    }
  }
}
