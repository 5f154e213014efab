package io.sfumato.fusion.training;

import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.image.ImageAugmentation;
import io.sfumato.encoders.text.TextAugmentation;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.FusionKind;
import io.sfumato.fusion.tuning.Augmentation;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides how a multimodal model is trained. {@link #defaults()} gives the defaults, {@link #builder()} changes some of them.
 *
 * @param modalities which of the trainer's modalities take part, by name; empty for all
 * @param dimension length d of item and user vectors
 * @param hidden width of a hidden layer between encoder and item space, 0 for a plain linear projection
 * @param fusion how the weights of the modalities come about
 * @param imageWeight the image's weight a at the start (and for ever where the fusion is fixed), in [0, 1]
 * @param text how much of text encoders learns
 * @param image how much of image encoders learns
 * @param epochs most epochs to train; where encoders learn, an epoch predicts every training interaction once; where they are frozen, it meets every user at least once, in 20 steps or more
 * @param patience stop after so many validations without a better one
 * @param validateEvery validate after every so many epochs, and after the last
 * @param usersPerStep users of one step
 * @param itemsPerStep items that one step encodes and ranks against each other; with frozen encoders, catalogues up to {@code fullSoftmaxItems} are ranked whole instead
 * @param fullSoftmaxItems see {@code itemsPerStep}
 * @param accumulation steps whose gradients are added up before the parameters move
 * @param learningRate peak rate of projections and user tower
 * @param encoderRate peak rate of trainable encoders that begin with pretrained weights
 * @param freshEncoderRate peak rate of trainable encoders that begin with random weights
 * @param fusionRateFactor the fusion's rate as a multiple of {@code learningRate}: a single number must be able to cross [0, 1] within a run
 * @param warmup share of all steps over which the rate rises from zero; it falls to zero along a cosine afterwards
 * @param weightDecay decoupled weight decay of AdamW on matrices
 * @param temperature temperature of the softmax over items at the start
 * @param learnTemperature whether it is trained
 * @param historyLength how many of a user's newest items make the user vector
 * @param targetShare with frozen encoders and the whole catalogue ranked: which share of a user's items is to be predicted from the rest in a step
 * @param inputDropout probability that a coordinate of an encoder's output is dropped in training
 * @param modalityDropout probability that a modality of an item that has others is hidden in a step
 * @param contrastiveWeight weight of the image–text contrastive objective beside the interaction objective's one; 0 for none
 * @param contrastiveTemperature its temperature
 * @param validationUsers most users to validate on, a fixed sample
 * @param validationK cut-off of the validation NDCG
 * @param adapterRate peak rate of the adapters of encoders that learn by LoRA
 * @param layerDecay factor on the rate of each layer below the last of a pretrained encoder (Howard and Ruder 2018), in (0, 1]
 * @param encoderDropout probability that an output of a transformer block of an encoder that learns is dropped in training
 * @param precision number type of the linear layers of encoders that learn, in training; the model that comes out is float32
 * @param textAugmentation how texts are varied while their encoder learns
 * @param imageAugmentation how pictures are varied while their encoder learns
 * @param seed where all randomness comes from
 * @param resume directory for a checkpoint after each epoch, from which an interrupted run goes on; null for none
 */
public record TrainingConfig(List<String> modalities, int dimension, int hidden, FusionKind fusion, double imageWeight,
    FineTuning text, FineTuning image, int epochs, int patience, int validateEvery, int usersPerStep, int itemsPerStep,
    int fullSoftmaxItems, int accumulation, double learningRate, double encoderRate, double freshEncoderRate,
    double fusionRateFactor, double warmup, double weightDecay, double temperature, boolean learnTemperature,
    int historyLength, double targetShare, double inputDropout, double modalityDropout, double contrastiveWeight,
    double contrastiveTemperature, int validationUsers, int validationK, double adapterRate, double layerDecay,
    double encoderDropout, Precision precision, TextAugmentation textAugmentation,
    ImageAugmentation imageAugmentation, long seed, @Nullable Path resume) {

  public TrainingConfig {
    modalities = List.copyOf(modalities);
    if (modalities.stream().distinct().count() != modalities.size()) {
      throw new FusionException("BAD_OPTION", "modalities must be named once each but were " + modalities);
    }
    atLeast("dimension", dimension, 2);
    atLeast("hidden", hidden, 0);
    within("image weight", imageWeight, 0, 1);
    atLeast("epochs", epochs, 1);
    atLeast("patience", patience, 1);
    atLeast("validate every", validateEvery, 1);
    atLeast("users per step", usersPerStep, 1);
    atLeast("items per step", itemsPerStep, 2);
    atLeast("full softmax items", fullSoftmaxItems, 0);
    atLeast("accumulation", accumulation, 1);
    within("learning rate", learningRate, 0, 10);
    within("encoder rate", encoderRate, 0, 10);
    within("fresh encoder rate", freshEncoderRate, 0, 10);
    within("fusion rate factor", fusionRateFactor, 0, 1e6);
    within("warm-up", warmup, 0, 1);
    within("weight decay", weightDecay, 0, 100);
    within("temperature", temperature, 1e-3, 100);
    atLeast("history length", historyLength, 1);
    within("target share", targetShare, 0.01, 0.99);
    within("input dropout", inputDropout, 0, 0.95);
    within("modality dropout", modalityDropout, 0, 0.95);
    within("contrastive weight", contrastiveWeight, 0, 1e3);
    within("contrastive temperature", contrastiveTemperature, 1e-3, 100);
    atLeast("validation users", validationUsers, 0);
    atLeast("validation k", validationK, 1);
    within("adapter rate", adapterRate, 0, 10);
    within("layer decay", layerDecay, 0.01, 1);
    within("encoder dropout", encoderDropout, 0, 0.95);
    if (precision == Precision.INT8) {
      throw new FusionException("BAD_OPTION", "int8 is for inference: train in float32 or bfloat16");
    }
  }

  /** The defaults, chosen on the built-in shop and on the validation part of a public set of film posters. */
  public static TrainingConfig defaults() {
    return builder().build();
  }

  /** A builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** How inputs are varied. */
  Augmentation augmentation() {
    return new Augmentation(textAugmentation, imageAugmentation);
  }

  /** Every option and its value, by the component's name, in order. */
  public Map<String, String> toMap() {
    Map<String, String> out = new LinkedHashMap<>();
    for (RecordComponent component : TrainingConfig.class.getRecordComponents()) {
      try {
        out.put(component.getName(), String.valueOf(component.getAccessor().invoke(this)));
      } catch (ReflectiveOperationException e) {
        throw new FusionException("INTERNAL", "option " + component.getName() + " cannot be read", e);
      }
    }
    return out;
  }

  /** A builder that begins with this configuration. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.modalities = modalities;
    b.dimension = dimension;
    b.hidden = hidden;
    b.fusion = fusion;
    b.imageWeight = imageWeight;
    b.text = text;
    b.image = image;
    b.epochs = epochs;
    b.patience = patience;
    b.validateEvery = validateEvery;
    b.usersPerStep = usersPerStep;
    b.itemsPerStep = itemsPerStep;
    b.fullSoftmaxItems = fullSoftmaxItems;
    b.accumulation = accumulation;
    b.learningRate = learningRate;
    b.encoderRate = encoderRate;
    b.freshEncoderRate = freshEncoderRate;
    b.fusionRateFactor = fusionRateFactor;
    b.warmup = warmup;
    b.weightDecay = weightDecay;
    b.temperature = temperature;
    b.learnTemperature = learnTemperature;
    b.historyLength = historyLength;
    b.targetShare = targetShare;
    b.inputDropout = inputDropout;
    b.modalityDropout = modalityDropout;
    b.contrastiveWeight = contrastiveWeight;
    b.contrastiveTemperature = contrastiveTemperature;
    b.validationUsers = validationUsers;
    b.validationK = validationK;
    b.adapterRate = adapterRate;
    b.layerDecay = layerDecay;
    b.encoderDropout = encoderDropout;
    b.precision = precision;
    b.textAugmentation = textAugmentation;
    b.imageAugmentation = imageAugmentation;
    b.seed = seed;
    b.resume = resume;
    return b;
  }

  private static void atLeast(String what, int value, int least) {
    if (value < least) {
      throw new FusionException("BAD_OPTION", "%s must be %d or more but was %d".formatted(what, least, value));
    }
  }

  private static void within(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new FusionException("BAD_OPTION",
          "%s must be in [%s, %s] but was %s".formatted(what, least, most, value));
    }
  }

  /** Changes some of the defaults; the meaning of each setter is that of the record's component. */
  public static final class Builder {
    private List<String> modalities = List.of();
    private int dimension = 128;
    private int hidden;
    private FusionKind fusion = FusionKind.LEARNED;
    private double imageWeight = 0.5;
    private FineTuning text = FineTuning.frozen();
    private FineTuning image = FineTuning.full();
    private int epochs = 30;
    private int patience = 5;
    private int validateEvery = 1;
    private int usersPerStep = 256;
    private int itemsPerStep = 128;
    private int fullSoftmaxItems = 20_000;
    private int accumulation = 1;
    private double learningRate = 2e-3;
    private double encoderRate = 5e-5;
    private double freshEncoderRate = 2e-3;
    private double fusionRateFactor = 20;
    private double warmup = 0.05;
    private double weightDecay = 0.01;
    private double temperature = 0.1;
    private boolean learnTemperature = true;
    private int historyLength = 200;
    private double targetShare = 0.3;
    private double inputDropout = 0.1;
    private double modalityDropout = 0.1;
    private double contrastiveWeight;
    private double contrastiveTemperature = 0.1;
    private int validationUsers = 1000;
    private int validationK = 20;
    private double adapterRate = 5e-4;
    private double layerDecay = 1;
    private double encoderDropout;
    private Precision precision = Precision.FLOAT32;
    private TextAugmentation textAugmentation = TextAugmentation.none();
    private ImageAugmentation imageAugmentation = ImageAugmentation.NONE;
    private long seed = 42;
    private @Nullable Path resume;

    private Builder() {}

    /** Sets {@link TrainingConfig#modalities()}. */
    public Builder modalities(List<String> value) {
      this.modalities = value;
      return this;
    }

    /** Sets {@link TrainingConfig#dimension()}. */
    public Builder dimension(int value) {
      this.dimension = value;
      return this;
    }

    /** Sets {@link TrainingConfig#hidden()}. */
    public Builder hidden(int value) {
      this.hidden = value;
      return this;
    }

    /** Sets {@link TrainingConfig#fusion()}. */
    public Builder fusion(FusionKind value) {
      this.fusion = value;
      return this;
    }

    /** Sets {@link TrainingConfig#imageWeight()}. */
    public Builder imageWeight(double value) {
      this.imageWeight = value;
      return this;
    }

    /** Sets {@link TrainingConfig#text()}. */
    public Builder text(FineTuning value) {
      this.text = value;
      return this;
    }

    /** Sets {@link TrainingConfig#image()}. */
    public Builder image(FineTuning value) {
      this.image = value;
      return this;
    }

    /** Sets {@link TrainingConfig#epochs()}. */
    public Builder epochs(int value) {
      this.epochs = value;
      return this;
    }

    /** Sets {@link TrainingConfig#patience()}. */
    public Builder patience(int value) {
      this.patience = value;
      return this;
    }

    /** Sets {@link TrainingConfig#validateEvery()}. */
    public Builder validateEvery(int value) {
      this.validateEvery = value;
      return this;
    }

    /** Sets {@link TrainingConfig#usersPerStep()}. */
    public Builder usersPerStep(int value) {
      this.usersPerStep = value;
      return this;
    }

    /** Sets {@link TrainingConfig#itemsPerStep()}. */
    public Builder itemsPerStep(int value) {
      this.itemsPerStep = value;
      return this;
    }

    /** Sets {@link TrainingConfig#fullSoftmaxItems()}. */
    public Builder fullSoftmaxItems(int value) {
      this.fullSoftmaxItems = value;
      return this;
    }

    /** Sets {@link TrainingConfig#accumulation()}. */
    public Builder accumulation(int value) {
      this.accumulation = value;
      return this;
    }

    /** Sets {@link TrainingConfig#learningRate()}. */
    public Builder learningRate(double value) {
      this.learningRate = value;
      return this;
    }

    /** Sets {@link TrainingConfig#encoderRate()}. */
    public Builder encoderRate(double value) {
      this.encoderRate = value;
      return this;
    }

    /** Sets {@link TrainingConfig#freshEncoderRate()}. */
    public Builder freshEncoderRate(double value) {
      this.freshEncoderRate = value;
      return this;
    }

    /** Sets {@link TrainingConfig#fusionRateFactor()}. */
    public Builder fusionRateFactor(double value) {
      this.fusionRateFactor = value;
      return this;
    }

    /** Sets {@link TrainingConfig#warmup()}. */
    public Builder warmup(double value) {
      this.warmup = value;
      return this;
    }

    /** Sets {@link TrainingConfig#weightDecay()}. */
    public Builder weightDecay(double value) {
      this.weightDecay = value;
      return this;
    }

    /** Sets {@link TrainingConfig#temperature()}. */
    public Builder temperature(double value) {
      this.temperature = value;
      return this;
    }

    /** Sets {@link TrainingConfig#learnTemperature()}. */
    public Builder learnTemperature(boolean value) {
      this.learnTemperature = value;
      return this;
    }

    /** Sets {@link TrainingConfig#historyLength()}. */
    public Builder historyLength(int value) {
      this.historyLength = value;
      return this;
    }

    /** Sets {@link TrainingConfig#targetShare()}. */
    public Builder targetShare(double value) {
      this.targetShare = value;
      return this;
    }

    /** Sets {@link TrainingConfig#inputDropout()}. */
    public Builder inputDropout(double value) {
      this.inputDropout = value;
      return this;
    }

    /** Sets {@link TrainingConfig#modalityDropout()}. */
    public Builder modalityDropout(double value) {
      this.modalityDropout = value;
      return this;
    }

    /** Sets {@link TrainingConfig#contrastiveWeight()}. */
    public Builder contrastiveWeight(double value) {
      this.contrastiveWeight = value;
      return this;
    }

    /** Sets {@link TrainingConfig#contrastiveTemperature()}. */
    public Builder contrastiveTemperature(double value) {
      this.contrastiveTemperature = value;
      return this;
    }

    /** Sets {@link TrainingConfig#validationUsers()}. */
    public Builder validationUsers(int value) {
      this.validationUsers = value;
      return this;
    }

    /** Sets {@link TrainingConfig#validationK()}. */
    public Builder validationK(int value) {
      this.validationK = value;
      return this;
    }

    /** Sets {@link TrainingConfig#adapterRate()}. */
    public Builder adapterRate(double value) {
      this.adapterRate = value;
      return this;
    }

    /** Sets {@link TrainingConfig#layerDecay()}. */
    public Builder layerDecay(double value) {
      this.layerDecay = value;
      return this;
    }

    /** Sets {@link TrainingConfig#encoderDropout()}. */
    public Builder encoderDropout(double value) {
      this.encoderDropout = value;
      return this;
    }

    /** Sets {@link TrainingConfig#precision()}. */
    public Builder precision(Precision value) {
      this.precision = value;
      return this;
    }

    /** Sets {@link TrainingConfig#textAugmentation()}. */
    public Builder textAugmentation(TextAugmentation value) {
      textAugmentation = value;
      return this;
    }

    /** Sets {@link TrainingConfig#imageAugmentation()}. */
    public Builder imageAugmentation(ImageAugmentation value) {
      imageAugmentation = value;
      return this;
    }

    /** Sets {@link TrainingConfig#seed()}. */
    public Builder seed(long value) {
      this.seed = value;
      return this;
    }

    /** Sets {@link TrainingConfig#resume()}. */
    public Builder resume(@Nullable Path value) {
      this.resume = value;
      return this;
    }

    /** Checks and freezes. */
    public TrainingConfig build() {
      return new TrainingConfig(modalities, dimension, hidden, fusion, imageWeight, text, image, epochs, patience,
          validateEvery, usersPerStep, itemsPerStep, fullSoftmaxItems, accumulation, learningRate, encoderRate,
          freshEncoderRate, fusionRateFactor, warmup, weightDecay, temperature, learnTemperature, historyLength,
          targetShare, inputDropout, modalityDropout, contrastiveWeight, contrastiveTemperature, validationUsers,
          validationK, adapterRate, layerDecay, encoderDropout, precision, textAugmentation, imageAugmentation, seed,
          resume);
    }
  }
}
