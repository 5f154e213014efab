package io.sfumato.fusion.classification;

import io.sfumato.encoders.FineTuning;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.FusionKind;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that decides how a classifier is trained. {@link #defaults()} gives the defaults, {@link #builder()} changes some of them.
 *
 * @param dimension length d of the fused vectors that the head reads
 * @param hidden width of a hidden layer between encoder and fused vector, 0 for a linear projection
 * @param fusion how the weights of the modalities come about
 * @param imageWeight the image's weight at the start (and for ever where the fusion is fixed), in [0, 1]
 * @param text how much of text encoders learns
 * @param image how much of image encoders learns
 * @param epochs most passes over the training items
 * @param patience stop after so many epochs without a smaller loss on validation; unused where there is no validation
 * @param batch items of a step
 * @param learningRate peak rate of projections, fusion and head
 * @param encoderRate peak rate of trainable encoders that begin with pretrained weights
 * @param freshEncoderRate peak rate of trainable encoders that begin with random weights
 * @param fusionRateFactor the fusion weights' rate as a multiple of {@code learningRate}
 * @param warmup share of all steps over which rates rise from zero; they fall to zero along a cosine afterwards
 * @param weightDecay decoupled weight decay of AdamW on matrices
 * @param gradientLimit longest gradient of a step, all parameters of a group together; longer ones are shortened to it
 * @param labelSmoothing share of an example's target that is spread over all classes, in [0, 1)
 * @param balanced whether classes weigh the same whatever their size
 * @param inputDropout probability that a coordinate of an encoder's output is dropped in training
 * @param modalityDropout probability that a modality of an item that has others is hidden in a step
 * @param validationItems most items to validate on after each epoch, the first of the part; bounds the cost where encoders learn
 * @param seed where all randomness comes from
 */
public record ClassifierConfig(int dimension, int hidden, FusionKind fusion, double imageWeight, FineTuning text,
    FineTuning image, int epochs, int patience, int batch, double learningRate, double encoderRate,
    double freshEncoderRate, double fusionRateFactor, double warmup, double weightDecay, double gradientLimit,
    double labelSmoothing, boolean balanced, double inputDropout, double modalityDropout, int validationItems,
    long seed) {

  public ClassifierConfig {
    within("dimension", dimension, 2, 65_536);
    within("hidden", hidden, 0, 65_536);
    within("image weight", imageWeight, 0, 1);
    within("epochs", epochs, 1, 1_000_000);
    within("patience", patience, 1, 1_000_000);
    within("batch", batch, 1, 1_000_000);
    within("learning rate", learningRate, 0, 10);
    within("encoder rate", encoderRate, 0, 10);
    within("fresh encoder rate", freshEncoderRate, 0, 10);
    within("fusion rate factor", fusionRateFactor, 0, 1e6);
    within("warm-up", warmup, 0, 1);
    within("weight decay", weightDecay, 0, 100);
    within("gradient limit", gradientLimit, 1e-9, 1e9);
    within("label smoothing", labelSmoothing, 0, 0.999);
    within("input dropout", inputDropout, 0, 0.95);
    within("modality dropout", modalityDropout, 0, 0.95);
    within("validation items", validationItems, 1, Integer.MAX_VALUE);
  }

  private static void within(String what, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new FusionException("BAD_OPTION", "%s must be in [%s, %s] but was %s".formatted(what, plain(low),
          plain(high), plain(value)));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString((long) value) : Double.toString(value);
  }

  /** The defaults. */
  public static ClassifierConfig defaults() {
    return builder().build();
  }

  /** A builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  ClassifierConfig withFusionRateFactor(double value) {
    return new ClassifierConfig(dimension, hidden, fusion, imageWeight, text, image, epochs, patience, batch,
        learningRate, encoderRate, freshEncoderRate, value, warmup, weightDecay, gradientLimit, labelSmoothing,
        balanced, inputDropout, modalityDropout, validationItems, seed);
  }

  /** Every option and its value, by the component's name, in order. */
  public Map<String, String> toMap() {
    Map<String, String> out = new LinkedHashMap<>();
    for (RecordComponent component : ClassifierConfig.class.getRecordComponents()) {
      try {
        out.put(component.getName(), String.valueOf(component.getAccessor().invoke(this)));
      } catch (ReflectiveOperationException e) {
        throw new FusionException("INTERNAL", "option " + component.getName() + " cannot be read", e);
      }
    }
    return out;
  }

  /** Collects options; each has a default. */
  public static final class Builder {
    private int dimension = 128;
    private int hidden;
    private FusionKind fusion = FusionKind.LEARNED;
    private double imageWeight = 0.5;
    private FineTuning text = FineTuning.frozen();
    private FineTuning image = FineTuning.frozen();
    private int epochs = 20;
    private int patience = 4;
    private int batch = 64;
    private double learningRate = 3e-3;
    private double encoderRate = 5e-5;
    private double freshEncoderRate = 2e-3;
    private double fusionRateFactor = 10;
    private double warmup = 0.05;
    private double weightDecay = 0.01;
    private double gradientLimit = 5;
    private double labelSmoothing;
    private boolean balanced;
    private double inputDropout = 0.1;
    private double modalityDropout = 0.1;
    private int validationItems = 2000;
    private long seed = 42;

    private Builder() {}

    /** See {@link ClassifierConfig#dimension}. */
    public Builder dimension(int value) {
      dimension = value;
      return this;
    }

    /** See {@link ClassifierConfig#hidden}. */
    public Builder hidden(int value) {
      hidden = value;
      return this;
    }

    /** See {@link ClassifierConfig#fusion}. */
    public Builder fusion(FusionKind value) {
      fusion = value;
      return this;
    }

    /** See {@link ClassifierConfig#imageWeight}. */
    public Builder imageWeight(double value) {
      imageWeight = value;
      return this;
    }

    /** See {@link ClassifierConfig#text}. */
    public Builder text(FineTuning value) {
      text = value;
      return this;
    }

    /** See {@link ClassifierConfig#image}. */
    public Builder image(FineTuning value) {
      image = value;
      return this;
    }

    /** See {@link ClassifierConfig#epochs}. */
    public Builder epochs(int value) {
      epochs = value;
      return this;
    }

    /** See {@link ClassifierConfig#patience}. */
    public Builder patience(int value) {
      patience = value;
      return this;
    }

    /** See {@link ClassifierConfig#batch}. */
    public Builder batch(int value) {
      batch = value;
      return this;
    }

    /** See {@link ClassifierConfig#learningRate}. */
    public Builder learningRate(double value) {
      learningRate = value;
      return this;
    }

    /** See {@link ClassifierConfig#encoderRate} and {@link ClassifierConfig#freshEncoderRate}. */
    public Builder encoderRates(double pretrained, double fresh) {
      encoderRate = pretrained;
      freshEncoderRate = fresh;
      return this;
    }

    /** See {@link ClassifierConfig#fusionRateFactor}. */
    public Builder fusionRateFactor(double value) {
      fusionRateFactor = value;
      return this;
    }

    /** See {@link ClassifierConfig#warmup}. */
    public Builder warmup(double value) {
      warmup = value;
      return this;
    }

    /** See {@link ClassifierConfig#weightDecay}. */
    public Builder weightDecay(double value) {
      weightDecay = value;
      return this;
    }

    /** See {@link ClassifierConfig#gradientLimit}. */
    public Builder gradientLimit(double value) {
      gradientLimit = value;
      return this;
    }

    /** See {@link ClassifierConfig#labelSmoothing}. */
    public Builder labelSmoothing(double value) {
      labelSmoothing = value;
      return this;
    }

    /** See {@link ClassifierConfig#balanced}. */
    public Builder balanced(boolean value) {
      balanced = value;
      return this;
    }

    /** See {@link ClassifierConfig#inputDropout} and {@link ClassifierConfig#modalityDropout}. */
    public Builder dropout(double input, double modality) {
      inputDropout = input;
      modalityDropout = modality;
      return this;
    }

    /** See {@link ClassifierConfig#validationItems}. */
    public Builder validationItems(int value) {
      validationItems = value;
      return this;
    }

    /** See {@link ClassifierConfig#seed}. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** The configuration, checked. */
    public ClassifierConfig build() {
      return new ClassifierConfig(dimension, hidden, fusion, imageWeight, text, image, epochs, patience, batch,
          learningRate, encoderRate, freshEncoderRate, fusionRateFactor, warmup, weightDecay, gradientLimit,
          labelSmoothing, balanced, inputDropout, modalityDropout, validationItems, seed);
    }
  }
}
