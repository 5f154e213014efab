package io.sfumato.fusion.pairs;

import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.image.ImageAugmentation;
import io.sfumato.encoders.text.TextAugmentation;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.tuning.Augmentation;
import io.sfumato.fusion.tuning.Rates;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that decides how encoders are tuned on pairs. {@link #builder()} begins with the defaults.
 *
 * @param text how much of the text encoder learns
 * @param image how much of the image encoder learns
 * @param dimension length d of the common space
 * @param hidden width of a hidden layer between encoder and common space, 0 for a plain linear projection
 * @param headEpochs epochs in which the projections alone learn, on vectors computed once, before a pretrained encoder begins to (Kumar et al. 2022: fine-tuning from fitted heads distorts less); 0 for none
 * @param headBatch pairs of a step of those epochs, and of all where both encoders are frozen
 * @param epochs most epochs in which encoders learn; where both are frozen, in which projections learn
 * @param batch pairs of a step: each text is told from the images of all others
 * @param patience stop after so many epochs without a better recall@10 of the validation pairs
 * @param learningRate peak rate of the projections
 * @param encoderRate peak rate of pretrained encoders
 * @param adapterRate peak rate of the adapters of an encoder that learns by LoRA
 * @param freshRate peak rate of encoders that begin with random weights
 * @param layerDecay factor on the rate of each layer below the last of a pretrained encoder (Howard and Ruder 2018), in (0, 1]
 * @param warmup share of steps over which rates rise from zero; they fall to zero along a cosine afterwards
 * @param weightDecay decoupled weight decay of AdamW on matrices
 * @param clip most length of the gradient of a step, all parameters together; 0 for any
 * @param temperature τ of the softmax
 * @param inputDropout probability that a coordinate of an encoder's output is dropped in training
 * @param encoderDropout probability that an output of a transformer block is dropped in training
 * @param precision number type of the linear layers in training; the model that comes out is float32
 * @param textAugmentation how texts are varied while their encoder learns
 * @param imageAugmentation how pictures are varied while their encoder learns
 * @param seed where all randomness comes from
 */
public record PairConfig(FineTuning text, FineTuning image, int dimension, int hidden, int headEpochs, int headBatch,
    int epochs, int batch, int patience, double learningRate, double encoderRate, double adapterRate, double freshRate,
    double layerDecay, double warmup, double weightDecay, double clip, double temperature, double inputDropout,
    double encoderDropout, Precision precision, TextAugmentation textAugmentation,
    ImageAugmentation imageAugmentation, long seed) {
  /** Checks ranges. */
  public PairConfig {
    atLeast("dimension", dimension, 2);
    atLeast("hidden", hidden, 0);
    atLeast("head epochs", headEpochs, 0);
    atLeast("head batch", headBatch, 2);
    atLeast("epochs", epochs, 1);
    atLeast("batch", batch, 2);
    atLeast("patience", patience, 1);
    within("learning rate", learningRate, 0, 10);
    within("encoder rate", encoderRate, 0, 10);
    within("adapter rate", adapterRate, 0, 10);
    within("fresh rate", freshRate, 0, 10);
    within("layer decay", layerDecay, 0.01, 1);
    within("warmup", warmup, 0, 1);
    within("weight decay", weightDecay, 0, 100);
    within("clip", clip, 0, 1000000.0);
    within("temperature", temperature, 0.001, 100);
    within("input dropout", inputDropout, 0, 0.95);
    within("encoder dropout", encoderDropout, 0, 0.95);
    if (precision == Precision.INT8) {
      throw new FusionException("BAD_OPTION", "int8 is for inference: train in float32 or bfloat16");
    }
  }

  /** A builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Learning rates of encoders. */
  Rates rates() {
    return new Rates(encoderRate, adapterRate, freshRate, layerDecay);
  }

  /** How inputs are varied. */
  Augmentation augmentation() {
    return new Augmentation(textAugmentation, imageAugmentation);
  }

  /** Every option and its value, by the component's name, in order. */
  public Map<String, String> toMap() {
    Map<String, String> out = new LinkedHashMap<>();
    for (RecordComponent component : PairConfig.class.getRecordComponents()) {
      try {
        out.put(component.getName(), String.valueOf(component.getAccessor().invoke(this)));
      } catch (ReflectiveOperationException e) {
        throw new FusionException("INTERNAL", "option " + component.getName() + " cannot be read", e);
      }
    }
    return out;
  }

  private static void atLeast(String what, int value, int least) {
    if (value < least) {
      throw new FusionException("BAD_OPTION", "%s must be %d or more but was %d".formatted(what, least, value));
    }
  }

  private static void within(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new FusionException("BAD_OPTION", "%s must be in [%s, %s] but was %s".formatted(what, least, most, value));
    }
  }

  /** Changes some of the defaults; the meaning of each setter is that of the record's component. */
  public static final class Builder {
    private FineTuning text = FineTuning.frozen();
    private FineTuning image = FineTuning.frozen();
    private int dimension = 256;
    private int hidden = 0;
    private int headEpochs = 10;
    private int headBatch = 512;
    private int epochs = 8;
    private int batch = 128;
    private int patience = 3;
    private double learningRate = 1e-3;
    private double encoderRate = 5e-5;
    private double adapterRate = 5e-4;
    private double freshRate = 2e-3;
    private double layerDecay = 1;
    private double warmup = 0.1;
    private double weightDecay = 0.05;
    private double clip = 1;
    private double temperature = 0.05;
    private double inputDropout = 0.1;
    private double encoderDropout;
    private Precision precision = Precision.FLOAT32;
    private TextAugmentation textAugmentation = TextAugmentation.none();
    private ImageAugmentation imageAugmentation = ImageAugmentation.NONE;
    private long seed = 42;

    private Builder() {}

    /** Sets {@link PairConfig#text()}. */
    public Builder text(FineTuning value) {
      text = value;
      return this;
    }

    /** Sets {@link PairConfig#image()}. */
    public Builder image(FineTuning value) {
      image = value;
      return this;
    }

    /** Sets {@link PairConfig#dimension()}. */
    public Builder dimension(int value) {
      dimension = value;
      return this;
    }

    /** Sets {@link PairConfig#hidden()}. */
    public Builder hidden(int value) {
      hidden = value;
      return this;
    }

    /** Sets {@link PairConfig#headEpochs()}. */
    public Builder headEpochs(int value) {
      headEpochs = value;
      return this;
    }

    /** Sets {@link PairConfig#headBatch()}. */
    public Builder headBatch(int value) {
      headBatch = value;
      return this;
    }

    /** Sets {@link PairConfig#epochs()}. */
    public Builder epochs(int value) {
      epochs = value;
      return this;
    }

    /** Sets {@link PairConfig#batch()}. */
    public Builder batch(int value) {
      batch = value;
      return this;
    }

    /** Sets {@link PairConfig#patience()}. */
    public Builder patience(int value) {
      patience = value;
      return this;
    }

    /** Sets {@link PairConfig#learningRate()}. */
    public Builder learningRate(double value) {
      learningRate = value;
      return this;
    }

    /** Sets {@link PairConfig#encoderRate()}. */
    public Builder encoderRate(double value) {
      encoderRate = value;
      return this;
    }

    /** Sets {@link PairConfig#adapterRate()}. */
    public Builder adapterRate(double value) {
      adapterRate = value;
      return this;
    }

    /** Sets {@link PairConfig#freshRate()}. */
    public Builder freshRate(double value) {
      freshRate = value;
      return this;
    }

    /** Sets {@link PairConfig#layerDecay()}. */
    public Builder layerDecay(double value) {
      layerDecay = value;
      return this;
    }

    /** Sets {@link PairConfig#warmup()}. */
    public Builder warmup(double value) {
      warmup = value;
      return this;
    }

    /** Sets {@link PairConfig#weightDecay()}. */
    public Builder weightDecay(double value) {
      weightDecay = value;
      return this;
    }

    /** Sets {@link PairConfig#clip()}. */
    public Builder clip(double value) {
      clip = value;
      return this;
    }

    /** Sets {@link PairConfig#temperature()}. */
    public Builder temperature(double value) {
      temperature = value;
      return this;
    }

    /** Sets {@link PairConfig#inputDropout()}. */
    public Builder inputDropout(double value) {
      inputDropout = value;
      return this;
    }

    /** Sets {@link PairConfig#encoderDropout()}. */
    public Builder encoderDropout(double value) {
      encoderDropout = value;
      return this;
    }

    /** Sets {@link PairConfig#precision()}. */
    public Builder precision(Precision value) {
      precision = value;
      return this;
    }

    /** Sets {@link PairConfig#textAugmentation()}. */
    public Builder textAugmentation(TextAugmentation value) {
      textAugmentation = value;
      return this;
    }

    /** Sets {@link PairConfig#imageAugmentation()}. */
    public Builder imageAugmentation(ImageAugmentation value) {
      imageAugmentation = value;
      return this;
    }

    /** Sets {@link PairConfig#seed()}. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /**
     * Sets an option by its name, such as {@code encoder-rate}.
     *
     * @throws FusionException {@code BAD_OPTION} where there is none of that name, or the value is no value of it
     */
    public Builder set(String name, String value) {
      try {
        return switch (name) {
          case "text" -> text(FineTuning.parse(value));
          case "image" -> image(FineTuning.parse(value));
          case "dimension" -> dimension(Integer.parseInt(value));
          case "hidden" -> hidden(Integer.parseInt(value));
          case "head-epochs" -> headEpochs(Integer.parseInt(value));
          case "head-batch" -> headBatch(Integer.parseInt(value));
          case "epochs" -> epochs(Integer.parseInt(value));
          case "batch" -> batch(Integer.parseInt(value));
          case "patience" -> patience(Integer.parseInt(value));
          case "learning-rate" -> learningRate(Double.parseDouble(value));
          case "encoder-rate" -> encoderRate(Double.parseDouble(value));
          case "adapter-rate" -> adapterRate(Double.parseDouble(value));
          case "fresh-rate" -> freshRate(Double.parseDouble(value));
          case "layer-decay" -> layerDecay(Double.parseDouble(value));
          case "warmup" -> warmup(Double.parseDouble(value));
          case "weight-decay" -> weightDecay(Double.parseDouble(value));
          case "clip" -> clip(Double.parseDouble(value));
          case "temperature" -> temperature(Double.parseDouble(value));
          case "input-dropout" -> inputDropout(Double.parseDouble(value));
          case "encoder-dropout" -> encoderDropout(Double.parseDouble(value));
          case "precision" -> precision(Precision.parse(value));
          case "text-augmentation" -> textAugmentation(Augmentation.text(value));
          case "image-augmentation" -> imageAugmentation(ImageAugmentation.parse(value));
          case "seed" -> seed(Long.parseLong(value));
          default -> throw new FusionException("BAD_OPTION",
              "there is no option '%s'; there are text, image, dimension, hidden, head-epochs, head-batch, epochs, batch, patience, learning-rate, encoder-rate, adapter-rate, fresh-rate, layer-decay, warmup, weight-decay, clip, temperature, input-dropout, encoder-dropout, precision, text-augmentation, image-augmentation, seed"
                  .formatted(name));
        };
      } catch (IllegalArgumentException e) {
        throw new FusionException("BAD_OPTION", "%s cannot be '%s': %s".formatted(name, value, e.getMessage()), e);
      }
    }

    /** Checks and freezes. */
    public PairConfig build() {
      return new PairConfig(text, image, dimension, hidden, headEpochs, headBatch, epochs, batch, patience,
          learningRate, encoderRate, adapterRate, freshRate, layerDecay, warmup, weightDecay, clip, temperature,
          inputDropout, encoderDropout, precision, textAugmentation, imageAugmentation, seed);
    }
  }
}
