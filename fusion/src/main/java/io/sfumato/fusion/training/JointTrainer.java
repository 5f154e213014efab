package io.sfumato.fusion.training;

import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
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
import io.sfumato.fusion.ModelFacts;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.fusion.Projection;
import io.sfumato.fusion.objective.ContrastiveObjective;
import io.sfumato.fusion.objective.InteractionObjective;
import io.sfumato.fusion.objective.Objective;
import io.sfumato.fusion.objective.WeightedObjective;
import io.sfumato.fusion.tuning.Numerics;
import io.sfumato.fusion.user.UserTower;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.privacy.training.StepStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains encoders, projections, fusion and user tower together on the training interactions of a split, and stops early by the validation interactions; the test interactions are never looked at.
 *
 * <p>Where all encoders are frozen, their outputs are computed once (and kept in the cache, if there is one), each step ranks the whole catalogue, or a sample of a large one, and gradients reach histories and candidates.
 * Where one learns, each step encodes a chunk of the catalogue only, and histories are read from a bank of the last known item vectors.
 * With the same seed, data, configuration and one thread, two runs give the same bits, also when one was interrupted and resumed.
 *
 * <p>With {@link Builder#privacy} interactions reach the model through differentially private steps alone ({@link PrivateTraining}); there is no validation, no early stopping, and every item of the
 * catalogue is a candidate. Otherwise the model's claim would not hold.
 *
 * <p>One training at a time in a process; the builder's encoders must not be used meanwhile.
 */
public final class JointTrainer {
  /** Most that single numbers learn faster than matrices in private training: noise moves them as far as their rate lets it. */
  private static final double PRIVATE_RATE_FACTOR = 3;

  private final List<Modality<?, ?>> modalities;
  private final TrainingConfig config;
  private final @Nullable VectorCache cache;
  private final @Nullable PrivateTraining privacy;
  private final @Nullable PlantedUnits planted;

  private JointTrainer(Builder builder) {
    this.modalities = List.copyOf(builder.modalities);
    this.config = builder.config;
    this.cache = builder.cache;
    this.privacy = builder.privacy;
    this.planted = builder.planted;
    if (modalities.isEmpty()) {
      throw new FusionException("MODALITY_MISSING", "a trainer needs at least one modality; add one, such as text");
    }
    List<String> names = modalities.stream().<String>map(Modality::name).toList();
    if (names.stream().distinct().count() != names.size()) {
      throw new FusionException("BAD_OPTION", "modalities must have different names but were " + names);
    }
    for (String wanted : config.modalities()) {
      if (!names.contains(wanted)) {
        throw new FusionException("MODALITY_MISSING",
            "the configuration asks for modality '%s' but the trainer has %s".formatted(wanted, names));
      }
    }
  }

  /** A builder; at least one modality is required. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Trains a model. It takes over the encoders of the modalities that take part and are not borrowed: closing it closes them.
   * Modalities that the configuration leaves out, or that no item has, stay with the caller.
   *
   * @throws FusionException {@code NO_CONTENT} where no item has any of the modalities, {@code NO_INTERACTIONS} where no user took two items in training, {@code DIVERGED} where the loss is no longer a
   *     number, {@code RESUME_MISMATCH} where the checkpoint is of another run, {@code NOT_PRIVATE} where private training was asked for and an objective declares no sensitivity
   */
  public MultimodalModel train(Split split, Progress progress) {
    List<Item> items = split.dataset().catalog().items();
    List<Modality<?, ?>> chosen = new ArrayList<>();
    List<ModalityInputs<?>> inputs = new ArrayList<>();
    for (Modality<?, ?> modality : modalities) {
      if (config.modalities().isEmpty() || config.modalities().contains(modality.name())) {
        modality.encoder().setTraining(tuning(config, modality));
        ModalityInputs<?> input = ModalityInputs.of(modality, items, cache, config.augmentation(), progress);
        if (input.anyPresent()) {
          chosen.add(modality);
          inputs.add(input);
        } else {
          input.close();
        }
      }
    }
    if (chosen.isEmpty()) {
      throw new FusionException("NO_CONTENT",
          "none of the %d items has any of the modalities %s".formatted(items.size(),
              modalities.stream().<String>map(Modality::name).toList()));
    }
    ItemTower tower = tower(chosen, inputs);
    try {
      return privacy == null
          ? fit(split, chosen, inputs, tower, progress)
          : fitPrivately(privacy, split, chosen, inputs, tower, progress);
    } catch (RuntimeException e) {
      tower.close();
      throw e;
    }
  }

  private MultimodalModel fit(Split split, List<Modality<?, ?>> chosen, List<ModalityInputs<?>> inputs,
      ItemTower tower, Progress progress) {
    try (Trainee trainee = trainee(config.fusionRateFactor(), chosen, inputs, tower);
        Numerics numerics = numerics(chosen, inputs)) {
      List<EpochRecord> log = new Run(config, split, chosen, inputs, trainee).go(progress);
      return model(chosen, tower, trainee, log, null, null, null);
    }
  }

  private MultimodalModel fitPrivately(PrivateTraining chosenPrivacy, Split split, List<Modality<?, ?>> chosen,
      List<ModalityInputs<?>> inputs, ItemTower tower, Progress progress) {
    if (config.contrastiveWeight() > 0) {
      new ContrastiveObjective(config.contrastiveTemperature()).requirePrivate();
    }
    if (config.encoderDropout() > 0) {
      throw new FusionException("NOT_PRIVATE",
          "encoder dropout is drawn for a whole batch, so one person's draws would hang on who else is there; with a budget set it to 0 (it is %s)"
              .formatted(config.encoderDropout()));
    }
    Map<String, String> options = new LinkedHashMap<>(config.toMap());
    options.put("privacy", chosenPrivacy.describe());
    String identity = config.resume() == null ? "" : RunIdentity.of(options, chosen, split);
    for (int m = 0; m < chosen.size(); m++) {
      tower.projection(m).freezeBiases();
    }
    double rateFactor = Math.min(PRIVATE_RATE_FACTOR, config.fusionRateFactor());
    try (Trainee trainee = trainee(rateFactor, chosen, inputs, tower); Numerics numerics = numerics(chosen, inputs)) {
      if (!chosenPrivacy.microbatches()) {
        chosen.forEach(modality -> modality.encoder().requirePerExampleGradients());
      }
      PrivateRun run = new PrivateRun(config, chosenPrivacy, split.train(), trainee,
          inputs.stream().anyMatch(ModalityInputs::learns), identity, planted);
      PrivacyLedger ledger = run.go(progress);
      trainee.refresh();
      return model(chosen, tower, trainee, run.log(), ledger, run.statistics(), run.released());
    }
  }

  private Trainee trainee(double rateFactor, List<Modality<?, ?>> chosen, List<ModalityInputs<?>> inputs,
      ItemTower tower) {
    InteractionObjective interaction = new InteractionObjective(config.temperature(), config.learnTemperature());
    UserTower users = new UserTower(config.dimension(), config.historyLength());
    return new Trainee(config.toBuilder().fusionRateFactor(rateFactor).build(), chosen, inputs, tower, users,
        objective(interaction), interaction);
  }

  private MultimodalModel model(List<Modality<?, ?>> chosen, ItemTower tower, Trainee trainee, List<EpochRecord> log,
      @Nullable PrivacyLedger ledger, @Nullable StepStatistics steps, @Nullable ReleasedTensors released) {
    chosen.forEach(modality -> modality.encoder().setTraining(FineTuning.frozen()));
    ModelFacts facts = new ModelFacts(trainee.temperature(), Run.imageWeight(chosen, trainee), config.hidden(),
        options(), log, ledger, steps, released);
    return new MultimodalModel(chosen, tower, trainee.users().profile(), facts);
  }

  /** Number type and dropout of the encoders that learn. */
  private Numerics numerics(List<Modality<?, ?>> chosen, List<ModalityInputs<?>> inputs) {
    List<Encoder<?, ?>> learning = new ArrayList<>();
    for (int m = 0; m < chosen.size(); m++) {
      if (inputs.get(m).learns()) {
        learning.add(chosen.get(m).encoder());
      }
    }
    return new Numerics(learning, config.precision(), config.encoderDropout());
  }

  /** What of a modality's encoder learns. */
  static FineTuning tuning(TrainingConfig config, Modality<?, ?> modality) {
    return modality.encoder().modality().equals("text") ? config.text() : config.image();
  }

  private Objective objective(InteractionObjective interaction) {
    return config.contrastiveWeight() == 0
        ? interaction
        : new WeightedObjective(List.of(interaction, new ContrastiveObjective(config.contrastiveTemperature())),
            List.of(1.0, config.contrastiveWeight()));
  }

  private ItemTower tower(List<Modality<?, ?>> chosen, List<ModalityInputs<?>> inputs) {
    List<Projection> projections = new ArrayList<>();
    for (int m = 0; m < chosen.size(); m++) {
      Projection projection = new Projection("projection." + chosen.get(m).name(), inputs.get(m).dimension(),
          config.hidden(), config.dimension(), config.seed());
      projection.standardise(sample(inputs.get(m)));
      projections.add(projection);
    }
    List<String> names = chosen.stream().<String>map(Modality::name).toList();
    return new ItemTower(projections,
        Fusion.create(config.fusion(), names, startWeights(chosen, config.imageWeight()), config.dimension()));
  }

  /** The image's weight shared by the modalities that are images, the rest by the others; all alike where there is but one kind. */
  static double[] startWeights(List<Modality<?, ?>> chosen, double imageWeight) {
    long images = chosen.stream().filter(JointTrainer::isImage).count();
    long others = chosen.size() - images;
    return chosen.stream()
        .mapToDouble(modality -> images == 0 || others == 0
            ? 1.0 / chosen.size()
            : isImage(modality) ? imageWeight / images : (1 - imageWeight) / others)
        .toArray();
  }

  static boolean isImage(Modality<?, ?> modality) {
    return modality.encoder().modality().equals("image");
  }

  /** The encoder's outputs for some hundred items, spread over the catalogue. */
  private static float[][] sample(ModalityInputs<?> input) {
    int[] present = IntStream.range(0, input.size()).filter(input::present).toArray();
    int count = Math.min(512, present.length);
    float[][] out = new float[count][];
    TensorRuntime runtime = TensorRuntime.get();
    for (int from = 0; from < count; from += 128) {
      int first = from;
      int[] which = IntStream.range(from, Math.min(count, from + 128))
          .map(i -> present[(int) ((long) i * present.length / count)])
          .toArray();
      try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
        float[] flat = input.encode(scope, which).toFloatArray();
        int width = input.dimension();
        for (int i = 0; i < which.length; i++) {
          out[first + i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
      }
    }
    return out;
  }

  private Map<String, String> options() {
    Map<String, String> out = new LinkedHashMap<>(config.toMap());
    out.remove("resume");
    return out;
  }

  /** Collects what a training needs; modalities in the order of the fusion. */
  public static final class Builder {
    private final List<Modality<?, ?>> modalities = new ArrayList<>();
    private TrainingConfig config = TrainingConfig.defaults();
    private @Nullable VectorCache cache;
    private @Nullable PrivateTraining privacy;
    private @Nullable PlantedUnits planted;

    private Builder() {}

    /** Adds a modality, such as {@link Modality#text} or {@link Modality#image}. */
    public Builder modality(Modality<?, ?> modality) {
      modalities.add(modality);
      return this;
    }

    /** Sets how it is trained. */
    public Builder config(TrainingConfig value) {
      config = value;
      return this;
    }

    /** Sets where the outputs of frozen encoders are kept; null for nowhere. */
    public Builder cache(@Nullable VectorCache value) {
      cache = value;
      return this;
    }

    /** Trains with differential privacy; null for none. */
    public Builder privacy(@Nullable PrivateTraining value) {
      privacy = value;
      return this;
    }

    /** Watches canaries among the people of a private training, for an audit; null for none. Without {@link #privacy} they are people like others. */
    public Builder planted(@Nullable PlantedUnits value) {
      planted = value;
      return this;
    }

    /** Checks and builds. */
    public JointTrainer build() {
      return new JointTrainer(this);
    }
  }
}
