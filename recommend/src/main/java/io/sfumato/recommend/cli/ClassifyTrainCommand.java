package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Dataset;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.fusion.FusionKind;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.classification.Classifier;
import io.sfumato.fusion.classification.ClassifierConfig;
import io.sfumato.fusion.classification.ClassifierTrainer;
import io.sfumato.fusion.classification.FewShotMethod;
import io.sfumato.fusion.classification.FewShotTrainer;
import io.sfumato.fusion.classification.ItemParts;
import io.sfumato.fusion.classification.LabelledItems;
import io.sfumato.fusion.classification.PrivateClassification;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Learns labels. */
@Command(name = "train", mixinStandardHelpOptions = true, sortOptions = false, description = "Learns the labels in a column of items.csv from texts and pictures, and writes the classifier as a folder.", footerHeading = "%nExamples:%n", footer = {
  "  sfumato classify train my-shop --label category --out categories",
  "  sfumato classify train my-shop --label category --out categories --modalities text --fine-tune last:2 --epochs 3",
  "  sfumato classify train my-shop --label brand --out brands --few-shot linear-probe --shots 16",
  "  sfumato classify train letters --label topic --out topics --modalities text --epsilon 8 --delta 1e-6"})
final class ClassifyTrainCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DATA", description = "A folder with items.csv and images/, or a file of items.")
  @SuppressWarnings("NullAway.Init")
  private Path data;

  @Option(names = "--label", paramLabel = "COLUMN", required = true, description = "The column with the labels. Items without one take no part.")
  @SuppressWarnings("NullAway.Init")
  private String label;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where the classifier will stand; replaces one that is there.")
  @SuppressWarnings("NullAway.Init")
  private Path out;

  @Option(names = "--labels", paramLabel = "NAME", split = ",", description = "Only these labels, in this order. Default: those of the training items.")
  private List<String> labels = List.of();

  @Option(names = "--split", paramLabel = "SPEC", defaultValue = "hash", description = "hash, hash:TRAIN,VALID,TEST (shares by a hash of the id and the seed) or column:NAME (train, valid or test). Default: ${DEFAULT-VALUE}:0.8,0.1,0.1.")
  @SuppressWarnings("NullAway.Init")
  private String split;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ClassifierEncoders encoders;

  @Option(names = "--epochs", paramLabel = "N", description = "Most passes over the training items. Default: 20.")
  private @Nullable Integer epochs;

  @Option(names = "--patience", paramLabel = "N", description = "Stop after so many epochs without a smaller validation loss. Default: 4.")
  private @Nullable Integer patience;

  @Option(names = "--batch", paramLabel = "N", description = "Items of a step. Default: 64.")
  private @Nullable Integer batch;

  @Option(names = "--learning-rate", paramLabel = "R", description = "Peak rate of projections and head. Default: 0.003, with --epsilon 0.01.")
  private @Nullable Double learningRate;

  @Option(names = "--encoder-rate", paramLabel = "R", description = "Peak rate of pretrained encoders that learn. Default: 5e-5.")
  private @Nullable Double encoderRate;

  @Option(names = "--dimension", paramLabel = "N", description = "Length of the fused vectors. Default: 128.")
  private @Nullable Integer dimension;

  @Option(names = "--hidden", paramLabel = "N", description = "Width of a hidden layer in the projections, 0 for none. Default: 0.")
  private @Nullable Integer hidden;

  @Option(names = "--fusion", paramLabel = "fixed|learned|gated", description = "How text and image are weighed. Default: learned.")
  private @Nullable String fusion;

  @Option(names = "--label-smoothing", paramLabel = "S", description = "Share of each target that is spread over all labels. Default: 0.")
  private @Nullable Double labelSmoothing;

  @Option(names = "--balanced", description = "Every label counts the same in training, whatever its number of items.")
  private boolean balanced;

  @Option(names = "--few-shot", paramLabel = "prototypes|linear-probe", description = "Learn from a few items a label, on vectors of frozen encoders.")
  private @Nullable String fewShot;

  @Option(names = "--shots", paramLabel = "N", description = "How many items a label --few-shot learns from. Default: 16.")
  private @Nullable Integer shots;

  @ArgGroup(exclusive = false, heading = "%nWith differential privacy for each item:%n")
  private @Nullable ClassifyPrivacyOptions privacy;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Where randomness comes from. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--cache", paramLabel = "DIR", description = "Where encoded texts and pictures are kept. Default: .sfumato/vectors in the home directory.")
  private @Nullable Path cache;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ItemOptions items;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private final Streams streams;
  private final Progress progress;

  @Inject
  ClassifyTrainCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    PrivateClassification budget = checked();
    ItemParts parts = ItemParts.parse(split, seed);
    ClassifierConfig config = config();
    Classifier.requireRoom(out, budget != null);
    encoders.requireFolders();
    FewShotMethod method = fewShot == null ? null : FewShotMethod.parse(fewShot);
    long start = System.nanoTime();
    Dataset dataset = items.read(data);
    LabelledItems labelled = LabelledItems.of(dataset.catalog(), label);
    streams.err()
        .println(ClassifyText.data(dataset, labelled)
            + (budget == null ? "" : " (" + PrivacyFacts.INTERNAL + ")"));
    List<Modality<?, ?>> modalities = encoders.open(seed);
    Classifier trained;
    try {
      trained = train(modalities, labelled, parts, config, budget, method).withSource(items.source(data));
    } catch (RuntimeException e) {
      modalities.forEach(modality -> modality.encoder().close());
      throw e;
    }
    try (trained) {
      trained.save(out);
      double seconds = (System.nanoTime() - start) / 1e9;
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("classifier", out.toString());
      json.putAll(ClassifyText.json(trained));
      json.put("unlabelled", labelled.unlabelled());
      json.put("left_out", dataset.report().toMap());
      if (budget != null) {
        json.put("internal_not_private", List.of("results", "unlabelled", "left_out"));
      }
      json.put("seconds", Math.round(seconds * 10) / 10.0);
      output.print(streams.out(), json,
          () -> "Trained in " + Text.seconds(seconds) + ".\n" + Text.facts(ClassifyText.facts(trained))
              + "\nNext: sfumato classify evaluate " + out + "\n      sfumato classify predict " + out
              + " --input FILE\n");
    }
    return 0;
  }

  private Classifier train(List<Modality<?, ?>> modalities, LabelledItems labelled, ItemParts parts,
      ClassifierConfig config, @Nullable PrivateClassification budget, @Nullable FewShotMethod method) {
    VectorCache vectors = new VectorCache(cache == null ? ClassifyText.usualCache() : cache);
    if (method != null) {
      return new FewShotTrainer(method, shots == null ? 16 : shots, labels, seed)
          .train(modalities, labelled, parts, vectors, progress);
    }
    ClassifierTrainer.Builder trainer = ClassifierTrainer.builder()
        .config(config)
        .labels(labels)
        .privacy(budget)
        .cache(vectors);
    modalities.forEach(trainer::modality);
    return trainer.build().train(labelled, parts, progress);
  }

  /** The private training that was asked for, on top of what the classifier in the place has released; null for an ordinary one. */
  private @Nullable PrivateClassification checked() {
    if (fewShot == null) {
      refuse(shots != null, "--shots goes with --few-shot");
    } else {
      refuse(privacy != null,
          "--few-shot tells the examples' own vectors and has no private form; leave --few-shot or --epsilon out");
      refuse(epochs != null || batch != null || learningRate != null || balanced || fusion != null,
          "--few-shot takes no --epochs, --batch, --learning-rate, --balanced or --fusion: nothing is back-propagated");
    }
    if (privacy == null) {
      return null;
    }
    refuse(epochs != null || patience != null || batch != null,
        "--epochs, --patience and --batch do not go with --epsilon; give --steps and --sampling-rate");
    refuse(balanced,
        "--balanced counts the labels of the items, which no step accounts for; leave it or --epsilon out");
    PrivateClassification settled = privacy.settled(Classifier.released(out), learningRate);
    settled.requireBudgetLeft();
    return settled;
  }

  private void refuse(boolean wrong, String why) {
    if (wrong) {
      throw new ParameterException(spec.commandLine(), why);
    }
  }

  private ClassifierConfig config() {
    ClassifierConfig defaults = ClassifierConfig.defaults();
    return ClassifierConfig.builder()
        .text(encoders.textTuning())
        .image(encoders.imageTuning())
        .epochs(or(epochs, defaults.epochs()))
        .patience(or(patience, defaults.patience()))
        .batch(or(batch, defaults.batch()))
        .learningRate(or(learningRate, defaults.learningRate()))
        .encoderRates(or(encoderRate, defaults.encoderRate()), defaults.freshEncoderRate())
        .dimension(or(dimension, defaults.dimension()))
        .hidden(or(hidden, defaults.hidden()))
        .fusion(fusion == null ? defaults.fusion() : FusionKind.parse(fusion))
        .labelSmoothing(or(labelSmoothing, defaults.labelSmoothing()))
        .balanced(balanced)
        .seed(seed)
        .build();
  }

  private static <T> T or(@Nullable T given, T usual) {
    return given == null ? usual : given;
  }
}
