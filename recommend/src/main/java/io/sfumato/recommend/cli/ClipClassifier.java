package io.sfumato.recommend.cli;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.checkpoint.Checkpoint;
import io.sfumato.encoders.checkpoint.Checkpoints;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.classification.Classifier;
import io.sfumato.fusion.classification.ZeroShot;
import java.nio.file.Path;

/** Makes a zero-shot classifier of the folder of a CLIP checkpoint: its two towers, and the scale that its cosines are multiplied by. */
final class ClipClassifier {
  private static final String LOGIT_SCALE = "logit_scale";

  private ClipClassifier() {}

  /**
   * Opens a checkpoint and writes out the labels; the caller closes the classifier.
   *
   * @throws EncoderException {@code UNSUPPORTED_MODEL} where the folder holds no CLIP
   */
  static Classifier open(Path folder, ZeroShot zeroShot, Progress progress) {
    String type = Encoders.config(folder).path("model_type").asText();
    if (!type.equals("clip")) {
      throw new EncoderException("UNSUPPORTED_MODEL",
          "%s holds a model of type '%s', but zero-shot needs one of text and image together: clip".formatted(folder,
              type));
    }
    double scale = logitScale(folder);
    ImageEncoder image = Encoders.load(folder, ImageEncoder.class);
    try (TextEncoder text = Encoders.load(folder, TextEncoder.class)) {
      return zeroShot.classifier(text, image, scale, progress);
    } catch (RuntimeException e) {
      image.close();
      throw e;
    }
  }

  /** {@code exp(logit_scale)}: the checkpoint keeps the logarithm. */
  private static double logitScale(Path folder) {
    try (Checkpoint weights = Checkpoints.open(folder)) {
      float[] values = weights.tensor(LOGIT_SCALE).values();
      if (values.length != 1 || !(Math.abs(values[0]) < 20)) {
        throw new EncoderException("SHAPE_MISMATCH",
            "%s: '%s' must be one number within 20 of 0 but has %d values".formatted(folder, LOGIT_SCALE,
                values.length));
      }
      return Math.exp(values[0]);
    }
  }
}
