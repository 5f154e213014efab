package io.sfumato.fusion.classification;

import io.sfumato.encoders.Progress;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.Modality;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Classifies pictures without any labelled example, by an image and a text encoder that share a space, such as CLIP's: each label is written out in prompts, and a picture gets the label whose prompts it is
 * nearest to (Radford et al. 2021). A label's vector is the mean of its prompts' unit vectors, brought to unit length again; {@code p = softmax(scale · cosine)}.
 *
 * @param labels two or more, each once
 * @param templates prompts in which <code>{}</code> stands for the label; at least one
 */
public record ZeroShot(List<String> labels, List<String> templates) {
  /** Stands for the label in a template. */
  public static final String PLACE = "{}";

  /** The prompt that CLIP's authors use unless something is known of the pictures. */
  public static final String USUAL_TEMPLATE = "a photo of a {}";

  /** Unit vectors whose coordinates are this close are the same but for single precision. */
  private static final double ROUNDING = 1e-6;

  public ZeroShot {
    labels = List.copyOf(labels);
    templates = List.copyOf(templates);
    if (labels.size() < 2 || new LinkedHashSet<>(labels).size() != labels.size()
        || labels.stream().anyMatch(String::isBlank)) {
      throw new FusionException("BAD_OPTION",
          "zero-shot needs two labels or more, each once and none blank, but got " + labels);
    }
    for (String template : templates) {
      if (!template.contains(PLACE)) {
        throw new FusionException("BAD_OPTION",
            "the template '%s' has no %s where the label goes".formatted(template, PLACE));
      }
    }
    if (templates.isEmpty()) {
      throw new FusionException("BAD_OPTION", "zero-shot needs a template such as '%s'".formatted(USUAL_TEMPLATE));
    }
  }

  /**
   * The classifier, which takes over the image encoder; the text encoder is needed no more.
   *
   * @param text into the same space as {@code image}
   * @param image likewise
   * @param logitScale by which cosines are multiplied, above 0; CLIP's is {@code exp(logit_scale)}, about 100 once trained
   */
  public Classifier classifier(TextEncoder text, ImageEncoder image, double logitScale, Progress progress) {
    if (text.dimension() != image.dimension()) {
      throw new FusionException("DIMENSION_MISMATCH",
          "text vectors have %d values, image vectors %d: both encoders must be of one space".formatted(
              text.dimension(), image.dimension()));
    }
    if (!(logitScale > 0) || Double.isInfinite(logitScale)) {
      throw new FusionException("BAD_OPTION", "the logit scale must be positive and finite but was " + logitScale);
    }
    List<Modality<?, ?>> modalities = List.of(Modality.image(image));
    Map<String, String> options = new LinkedHashMap<>();
    options.put("templates", String.join(" | ", templates));
    options.put("logitScale", Double.toString(logitScale));
    ClassifierFacts facts = new ClassifierFacts("zero-shot", "", "", 0, Map.of(), "", options, Map.of(), null);
    return new Classifier(labels, modalities, FewShotTrainer.features(modalities),
        head(text.encode(prompts(), progress), text.dimension(), logitScale), facts);
  }

  /** All prompts, those of the first label first. */
  List<String> prompts() {
    List<String> prompts = new ArrayList<>();
    for (String label : labels) {
      for (String template : templates) {
        prompts.add(template.replace(PLACE, label));
      }
    }
    return prompts;
  }

  /** @param vectors one row a prompt, in the order of {@link #prompts} */
  LinearHead head(float[][] vectors, int dimension, double scale) {
    float[] weights = new float[labels.size() * dimension];
    for (int k = 0; k < labels.size(); k++) {
      double[] sum = new double[dimension];
      for (int t = 0; t < templates.size(); t++) {
        float[] row = vectors[k * templates.size() + t];
        double length = 0;
        for (float value : row) {
          length += (double) value * value;
        }
        length = Math.sqrt(Math.max(length, Double.MIN_NORMAL));
        for (int j = 0; j < dimension; j++) {
          sum[j] += row[j] / length;
        }
      }
      double length = 0;
      for (double value : sum) {
        length += value * value;
      }
      length = Math.sqrt(Math.max(length, Double.MIN_NORMAL));
      for (int j = 0; j < dimension; j++) {
        weights[k * dimension + j] = (float) (scale * sum[j] / length);
      }
    }
    requireTold(weights, dimension, scale);
    return new LinearHead(labels.size(), dimension, weights, new float[labels.size()], 1);
  }

  /** Refuses labels with the same vector: their prompts are the same to the text encoder, which cuts what is too long. */
  private void requireTold(float[] weights, int dimension, double scale) {
    for (int k = 1; k < labels.size(); k++) {
      for (int other = 0; other < k; other++) {
        double furthest = 0;
        for (int j = 0; j < dimension; j++) {
          furthest = Math.max(furthest, Math.abs(weights[k * dimension + j] - weights[other * dimension + j]));
        }
        if (furthest <= ROUNDING * scale) {
          throw new FusionException("BAD_OPTION",
              "the prompts of '%s' and '%s' are the same to the text encoder, which cuts long texts: give shorter templates, or labels that differ earlier"
                  .formatted(labels.get(other), labels.get(k)));
        }
      }
    }
  }
}
