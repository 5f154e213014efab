package io.sfumato.fusion.classification;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.Fusion;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.ItemTower;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.Projection;
import io.sfumato.fusion.training.ModalityInputs;
import io.sfumato.privacy.accounting.PrivacyLedger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trains a classifier: encoders (frozen, or fine-tuned by adapters, in their last layers, or in full), a projection a modality, their fusion, and a linear head, by softmax cross-entropy. Privately where a
 * {@link PrivateClassification} says so.
 *
 * <p>Made by {@link #builder()}. Not for several threads.
 */
public final class ClassifierTrainer {
  /** Training items whose encoder outputs set centre and scale of the projections. */
  private static final int SAMPLE = 1024;
  private static final int SAMPLE_BATCH = 64;
  /** With noise on every coordinate, single weights must not run away. */
  private static final double PRIVATE_RATE_FACTOR = 1;

  private final List<Modality<?, ?>> modalities;
  private final ClassifierConfig config;
  private final List<String> labels;
  private final @Nullable PrivateClassification privacy;
  private final @Nullable VectorCache cache;

  private ClassifierTrainer(Builder builder) {
    this.modalities = List.copyOf(builder.modalities);
    this.config = builder.config;
    this.labels = List.copyOf(builder.labels);
    this.privacy = builder.privacy;
    this.cache = builder.cache;
    List<String> names = modalities.stream().<String>map(Modality::name).toList();
    if (names.isEmpty() || names.stream().distinct().count() != names.size()) {
      throw new FusionException("BAD_OPTION",
          "a classifier needs a modality or more, each of another name, but got " + names);
    }
  }

  /** A builder; at least one modality is required. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Trains a classifier, which takes over the encoders of the modalities that some item has and that are not borrowed; the others stay with the caller, as all do where training fails.
   *
   * <p>The results in its {@linkplain ClassifierFacts facts}: {@code train}, {@code valid} (numbers of items), {@code classes} (number of training items by label), {@code epochs} (see
   * {@link ClassifierEpoch}), {@code weights} (of the modalities), {@code temperature}.
   *
   * @throws FusionException {@code ONE_CLASS}, {@code NO_CONTENT}, {@code DIVERGED}, or {@code NOT_PRIVATE} where private training was asked for with class weights that are made of the data
   */
  public Classifier train(LabelledItems data, ItemParts parts, Progress progress) {
    ClassIndex index = ClassIndex.of(data, parts, labels);
    ClassificationObjective objective = config.balanced()
        ? ClassificationObjective.balanced(index.labels().size(), config.labelSmoothing(),
            index.classesOf(index.train()))
        : ClassificationObjective.of(index.labels().size(), config.labelSmoothing());
    if (privacy != null) {
      objective.requirePrivate();
    }
    List<Modality<?, ?>> chosen = new ArrayList<>();
    List<ModalityInputs<?>> inputs = inputs(data, chosen, progress);
    TowerFeatures features;
    try {
      features = features(chosen, inputs, index.train());
    } catch (RuntimeException e) {
      inputs.forEach(ModalityInputs::close);
      throw e;
    }
    double rate = privacy == null ? config.learningRate() : privacy.learningRate();
    try (Learner learner = new Learner(privacy == null ? config : config.withFusionRateFactor(PRIVATE_RATE_FACTOR),
        data.items(), index.of(), index.labels().size(), chosen, inputs, features, objective, rate)) {
      Map<String, Object> results = new LinkedHashMap<>();
      results.put("train", index.train().length);
      results.put("classes", counts(index));
      return privacy == null
          ? fit(data, parts, index, chosen, features, learner, results, progress)
          : fitPrivately(privacy, data, parts, index, chosen, features, learner, results, progress);
    } catch (RuntimeException e) {
      features.close();
      throw e;
    } finally {
      chosen.forEach(modality -> modality.encoder().setTraining(FineTuning.frozen()));
    }
  }

  private Classifier fit(LabelledItems data, ItemParts parts, ClassIndex index, List<Modality<?, ?>> chosen,
      TowerFeatures features, Learner learner, Map<String, Object> results, Progress progress) {
    int[] valid = Arrays.copyOf(index.valid(), Math.min(index.valid().length, config.validationItems()));
    List<ClassifierEpoch> log = new PlainRun(config, learner, index.train(), valid).go(progress);
    double temperature = TemperatureScaling.fit(learner.logits(valid), index.classesOf(valid));
    results.put("valid", valid.length);
    results.put("epochs", log);
    results.put("temperature", temperature);
    results.put("data", data.size());
    return new Classifier(index.labels(), chosen, features, learner.head().withTemperature(temperature),
        facts(data, parts, results, null));
  }

  private Classifier fitPrivately(PrivateClassification chosenPrivacy, LabelledItems data, ItemParts parts,
      ClassIndex index, List<Modality<?, ?>> chosen, TowerFeatures features, Learner learner,
      Map<String, Object> results, Progress progress) {
    if (!chosenPrivacy.microbatches()) {
      chosen.forEach(modality -> modality.encoder().requirePerExampleGradients());
    }
    PrivateRun run = new PrivateRun(config, chosenPrivacy, learner, index.train());
    PrivacyLedger ledger = run.go(progress);
    results.put("sigma", run.sigma());
    results.put("loss", run.meanLoss());
    return new Classifier(index.labels(), chosen, features, learner.head(),
        facts(data, parts, results, new ClassifierFacts.Privacy(chosenPrivacy.budget(), ledger)));
  }

  private ClassifierFacts facts(LabelledItems data, ItemParts parts, Map<String, Object> results,
      ClassifierFacts.@Nullable Privacy spent) {
    Map<String, String> options = config.toMap();
    if (privacy != null) {
      options.put("privacy", privacy.describe());
    }
    return new ClassifierFacts("trained", data.column(), parts.toString(), config.seed(), Map.of(), data.sha256(),
        options,
        results, spent);
  }

  private static Map<String, Integer> counts(ClassIndex index) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    index.labels().forEach(label -> counts.put(label, 0));
    for (int item : index.train()) {
      counts.merge(index.labels().get(index.of()[item]), 1, Integer::sum);
    }
    return counts;
  }

  /** Sets what learns and reads the items of each modality that any of them has. */
  private List<ModalityInputs<?>> inputs(LabelledItems data, List<Modality<?, ?>> chosen, Progress progress) {
    List<ModalityInputs<?>> inputs = new ArrayList<>();
    for (Modality<?, ?> modality : modalities) {
      Encoder<?, ?> encoder = modality.encoder();
      encoder.setTraining(encoder.modality().equals("text") ? config.text() : config.image());
      ModalityInputs<?> input = ModalityInputs.of(modality, data.items(), cache, progress);
      if (input.anyPresent()) {
        chosen.add(modality);
        inputs.add(input);
      } else {
        input.close();
        encoder.setTraining(FineTuning.frozen());
      }
    }
    if (chosen.isEmpty()) {
      throw new FusionException("NO_CONTENT",
          "none of the %d labelled items has any of the modalities %s".formatted(data.size(),
              modalities.stream().<String>map(Modality::name).toList()));
    }
    return inputs;
  }

  private TowerFeatures features(List<Modality<?, ?>> chosen, List<ModalityInputs<?>> inputs, int[] train) {
    List<Projection> projections = new ArrayList<>();
    int[] lengths = new int[chosen.size()];
    for (int m = 0; m < lengths.length; m++) {
      lengths[m] = inputs.get(m).dimension();
      Projection projection = new Projection("projection." + chosen.get(m).name(), lengths[m], config.hidden(),
          config.dimension(), config.seed());
      projections.add(projection);
      float[][] sample = privacy == null ? sample(inputs.get(m), train) : new float[0][];
      if (sample.length > 1) {
        projection.standardise(sample);
      } else {
        projection.standardiseUnits();
      }
      if (privacy != null) {
        projection.freezeBiases();
      }
    }
    List<String> names = chosen.stream().<String>map(Modality::name).toList();
    Fusion fusion = Fusion.create(config.fusion(), names, startWeights(chosen), config.dimension());
    return new TowerFeatures(new ItemTower(projections, fusion), lengths, config.dimension());
  }

  /** The image's weight shared by the encoders of images, the rest by the others; all alike where there is but one kind. */
  private double[] startWeights(List<Modality<?, ?>> chosen) {
    long images = chosen.stream().filter(modality -> modality.encoder().modality().equals("image")).count();
    long others = chosen.size() - images;
    return chosen.stream()
        .mapToDouble(modality -> images == 0 || others == 0 ? 1.0 / chosen.size()
            : modality.encoder().modality().equals("image") ? config.imageWeight() / images
                : (1 - config.imageWeight()) / others)
        .toArray();
  }

  /** Unit vectors of the first training items that have the modality, as the encoder gives them before it learns. */
  private static float[][] sample(ModalityInputs<?> input, int[] train) {
    int[] places = Arrays.stream(train).filter(input::present).limit(SAMPLE).toArray();
    List<float[]> rows = new ArrayList<>();
    TensorRuntime runtime = TensorRuntime.get();
    for (int from = 0; from < places.length; from += SAMPLE_BATCH) {
      int[] part = Arrays.copyOfRange(places, from, Math.min(places.length, from + SAMPLE_BATCH));
      try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
        NDArray units = runtime.kernels().unit(scope, input.encode(scope, part));
        float[] flat = units.toFloatArray();
        for (int i = 0; i < part.length; i++) {
          rows.add(Arrays.copyOfRange(flat, i * input.dimension(), (i + 1) * input.dimension()));
        }
      }
    }
    return rows.toArray(new float[0][]);
  }

  /** Collects what a trainer needs. */
  public static final class Builder {
    private final List<Modality<?, ?>> modalities = new ArrayList<>();
    private ClassifierConfig config = ClassifierConfig.defaults();
    private List<String> labels = List.of();
    private @Nullable PrivateClassification privacy;
    private @Nullable VectorCache cache;

    private Builder() {}

    /** Adds a modality that the classifier may read. */
    public Builder modality(Modality<?, ?> modality) {
      modalities.add(modality);
      return this;
    }

    /** All options; {@link ClassifierConfig#defaults()} unless said. */
    public Builder config(ClassifierConfig value) {
      config = value;
      return this;
    }

    /** The labels to tell apart; items with others take no part. Those of the training items unless said: a private training takes them for public then. */
    public Builder labels(List<String> value) {
      labels = value;
      return this;
    }

    /** Trains with differential privacy. */
    public Builder privacy(@Nullable PrivateClassification value) {
      privacy = value;
      return this;
    }

    /** Where the outputs of frozen encoders are looked up and kept. */
    public Builder cache(@Nullable VectorCache value) {
      cache = value;
      return this;
    }

    /** The trainer. */
    public ClassifierTrainer build() {
      return new ClassifierTrainer(this);
    }
  }
}
