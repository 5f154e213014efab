package io.sfumato.fusion.pairs;

import io.sfumato.datasets.Item;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.Projection;
import io.sfumato.privacy.accounting.PrivacyLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tunes a text and an image encoder together on pairs, by symmetric InfoNCE (Radford et al. 2021): among the images of a
 * step each text is to find its own, and among the texts each image.
 *
 * <p>Vectors of a frozen encoder are computed once, and kept in the cache if there is one. Where both encoders begin with
 * trained weights and one of them is to learn, the projections learn first, on such vectors, and then all together. The
 * validation pairs say when to stop and which epoch is kept; test pairs are never looked at.
 *
 * <p>With the same seed, data, configuration and one thread two runs give the same bits. One training at a time in a
 * process; the encoders must not be used meanwhile.
 */
public final class PairTrainer {
  /** Pairs that centre and scale of a projection are taken from. */
  private static final int SAMPLE = 512;

  private final TextEncoder text;
  private final ImageEncoder image;
  private final boolean freshImage;
  private final PairConfig config;
  private final @Nullable VectorCache cache;
  private final @Nullable PairPrivacy privacy;

  /**
   * A trainer.
   *
   * @param text pretrained
   * @param image pretrained or fresh
   * @param freshImage whether the image encoder begins with random weights
   * @param cache where vectors of frozen encoders are kept, or null
   */
  public PairTrainer(TextEncoder text, ImageEncoder image, boolean freshImage, PairConfig config,
      @Nullable VectorCache cache) {
    this(text, image, freshImage, config, cache, null);
  }

  private PairTrainer(TextEncoder text, ImageEncoder image, boolean freshImage, PairConfig config,
      @Nullable VectorCache cache, @Nullable PairPrivacy privacy) {
    this.text = text;
    this.image = image;
    this.freshImage = freshImage;
    this.config = config;
    this.cache = cache;
    this.privacy = privacy;
  }

  /**
   * The same, but pairs reach the model through differentially private steps alone: the projections' centre and scale come
   * from public items, nothing is validated, and the last step is kept.
   *
   * @throws FusionException {@code BAD_OPTION} where the configuration has dropout inside the encoders, whose draws no
   *     pair owns
   */
  public PairTrainer withPrivacy(PairPrivacy value) {
    if (config.encoderDropout() > 0) {
      throw new FusionException("BAD_OPTION",
          "encoder dropout is drawn for a whole batch, which private training does not allow, but was %s; set it to 0"
              .formatted(config.encoderDropout()));
    }
    return new PairTrainer(text, image, freshImage, config, cache, value);
  }

  /**
   * Trains a model, which takes over both encoders: closing it closes them. Where this fails they stay with the caller.
   *
   * @throws FusionException {@code NO_PAIRS} where fewer than two pairs can be read, {@code DIVERGED} where the loss is no
   *     longer a number
   */
  public PairModel train(PairSplit split, Progress progress) {
    Modality<String, ?> texts = Modality.text(text);
    Modality<?, ?> images = Modality.image(image).asPretrained(!freshImage);
    Projection textHead = new Projection("text", text.dimension(), config.hidden(), config.dimension(), config.seed());
    Projection imageHead = new Projection("image", image.dimension(), config.hidden(), config.dimension(),
        config.seed() + 1);
    try {
      if (privacy != null) {
        PrivacyLedger ledger = privately(privacy, texts, images, textHead, imageHead, split, progress);
        freeze();
        return new PairModel(text, image, textHead, imageHead, config.toMap(), List.of(), ledger);
      }
      List<PairEpoch> log = new ArrayList<>();
      boolean tuned = learns(config.text()) || learns(config.image());
      if (tuned && !freshImage && config.headEpochs() > 0) {
        log.addAll(stage("projections", texts, images, textHead, imageHead, FineTuning.frozen(), FineTuning.frozen(),
            split, config.headEpochs(), config.headBatch(), true, progress));
      }
      log.addAll(stage(tuned ? "encoders" : "projections", texts, images, textHead, imageHead, config.text(),
          config.image(), split, config.epochs(), tuned ? config.batch() : config.headBatch(), log.isEmpty(),
          progress));
      freeze();
      return new PairModel(text, image, textHead, imageHead, config.toMap(), log, null);
    } catch (RuntimeException e) {
      textHead.close();
      imageHead.close();
      throw e;
    }
  }

  private void freeze() {
    text.setTraining(FineTuning.frozen());
    image.setTraining(FineTuning.frozen());
  }

  private PrivacyLedger privately(PairPrivacy chosen, Modality<?, ?> texts, Modality<?, ?> images,
      Projection textHead, Projection imageHead, PairSplit split, Progress progress) {
    List<Item> shown = chosen.publicPairs();
    try (PairSide<?> publicText = side(texts, textHead, config.text(), shown, progress);
        PairSide<?> publicImage = side(images, imageHead, config.image(), shown, progress);
        PairSide<?> t = side(texts, textHead, config.text(), split.train(), progress);
        PairSide<?> v = side(images, imageHead, config.image(), split.train(), progress)) {
      int[] anchors = readable(publicText, publicImage, 0, shown.size());
      textHead.standardise(publicText.outputs(anchors));
      imageHead.standardise(publicImage.outputs(anchors));
      textHead.freezeBiases();
      imageHead.freezeBiases();
      int[] rows = readable(t, v, 0, split.train().size());
      return new PrivatePairRun(config, chosen, t, v, split.train(), rows, publicText, anchors).go(progress);
    }
  }

  private static boolean learns(FineTuning how) {
    return !(how instanceof FineTuning.Frozen);
  }

  private List<PairEpoch> stage(String name, Modality<?, ?> texts, Modality<?, ?> images, Projection textHead,
      Projection imageHead, FineTuning textTuning, FineTuning imageTuning, PairSplit split, int epochs, int batch,
      boolean first, Progress progress) {
    List<Item> items = new ArrayList<>(split.train());
    items.addAll(split.valid());
    try (PairSide<?> t = side(texts, textHead, textTuning, items, progress);
        PairSide<?> v = side(images, imageHead, imageTuning, items, progress)) {
      int[] train = readable(t, v, 0, split.train().size());
      int[] valid = readable(t, v, split.train().size(), items.size());
      if (train.length < 2) {
        throw new FusionException("NO_PAIRS",
            "of %d pairs %d can be read but 2 at least are needed".formatted(split.train().size(), train.length));
      }
      if (first) {
        int[] sample = IntStream.range(0, Math.min(SAMPLE, train.length))
            .map(i -> train[(int) ((long) i * train.length / Math.min(SAMPLE, train.length))])
            .toArray();
        textHead.standardise(t.outputs(sample));
        imageHead.standardise(v.outputs(sample));
      }
      return new PairRun(name, config, t, v, train, valid, epochs, batch).go(progress);
    }
  }

  private static int[] readable(PairSide<?> text, PairSide<?> image, int from, int to) {
    return IntStream.range(from, to)
        .filter(i -> text.inputs().present(i) && image.inputs().present(i))
        .toArray();
  }

  private <I, P> PairSide<P> side(Modality<I, P> modality, Projection head, FineTuning how, List<Item> items,
      Progress progress) {
    modality.encoder().setTraining(how);
    PairInputs<P> inputs = learns(how)
        ? PairInputs.learning(modality, items, config.augmentation(), progress)
        : PairInputs.frozen(modality, items, cache, progress);
    return new PairSide<>(modality, how, head, inputs);
  }
}
