package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.classification.Classifier;
import io.sfumato.fusion.classification.LabelledItems;
import io.sfumato.fusion.classification.ZeroShot;
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

/** Classifies pictures by the names of labels alone. */
@Command(name = "zero-shot", mixinStandardHelpOptions = true, sortOptions = false, description = "Says which of some labels each picture shows, by CLIP and the labels' names: no example is needed.", footerHeading = "%nExamples:%n", footer = {
  "  sfumato classify zero-shot clip-folder --labels shoe,shirt,bag --input my-shop --top 2",
  "  sfumato classify zero-shot clip-folder --labels shoe,shirt --template \"a photo of a {}\" --template \"a {} in a shop\" \\",
  "      --input my-shop --label category     measured against the column 'category'",
  "  sfumato classify zero-shot clip-folder --labels shoe,shirt --out shoes-and-shirts     kept for predict and evaluate"})
final class ClassifyZeroShotCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "CLIPDIR", description = "The folder of a CLIP checkpoint.")
  @SuppressWarnings("NullAway.Init")
  private Path clip;

  @Option(names = "--labels", paramLabel = "NAME", split = ",", required = true, description = "The labels to tell apart, two or more.")
  private List<String> labels = List.of();

  @Option(names = {"--template",
    "--templates"}, paramLabel = "TEXT", description = "A prompt in which {} stands for the label; can be repeated, and prompts are averaged. Default: \""
        + ZeroShot.USUAL_TEMPLATE + "\".")
  private List<String> templates = List.of(ZeroShot.USUAL_TEMPLATE);

  @Option(names = "--input", paramLabel = "FILE|DATA", description = "Lines of JSON, another file of items, or a folder with items.csv and images/.")
  private @Nullable Path input;

  @Option(names = "--out", paramLabel = "DIR", description = "Keep the classifier in a folder.")
  private @Nullable Path out;

  @ArgGroup(exclusive = false, heading = "%nTo measure it instead of telling each item's label:%n")
  private @Nullable Measured measured;

  @Option(names = "--top", paramLabel = "K", defaultValue = "1", description = "How many labels of an item are told. Default: ${DEFAULT-VALUE}.")
  private int top;

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

  /** What is measured, and where the report goes. */
  static final class Measured {
    @Option(names = "--label", paramLabel = "COLUMN", required = true, description = "The column with the true labels.")
    @SuppressWarnings("NullAway.Init")
    private String label;

    @Option(names = "--report", paramLabel = "OUT", description = "Write a folder with index.html and report.json.")
    private @Nullable Path report;

    @Option(names = "--cache", paramLabel = "DIR", description = "Where encoded pictures are kept. Default: .sfumato/vectors in the home directory.")
    private @Nullable Path cache;
  }

  @Inject
  ClassifyZeroShotCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    if (input == null && out == null) {
      throw new ParameterException(spec.commandLine(),
          "give --input FILE or DATA to classify, or --out DIR to keep it");
    }
    Measurement measurement = measured == null ? null : new Measurement(measured.report, measured.cache, output);
    if (measurement != null) {
      measurement.requireRoom();
    }
    ZeroShot zeroShot = new ZeroShot(labels, templates);
    try (Classifier classifier = ClipClassifier.open(clip, zeroShot, progress)) {
      if (out != null) {
        classifier.save(out);
      }
      if (input != null && measured != null && measurement != null) {
        Dataset dataset = items.read(input);
        LabelledItems labelled = LabelledItems.of(dataset.catalog(), measured.label);
        streams.err().println(ClassifyText.data(dataset, labelled));
        measurement.run(classifier, labelled, "all", dataset.name(), streams.out(), progress);
      } else if (input != null) {
        List<Item> read = ItemLines.fits(input) ? ItemLines.read(input) : items.read(input).catalog().items();
        new Predictions(top, output).print(classifier, read, streams.out(), progress);
      } else {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("classifier", String.valueOf(out));
        json.putAll(ClassifyText.json(classifier));
        output.print(streams.out(), json, () -> Text.facts(ClassifyText.facts(classifier)));
      }
    }
    return 0;
  }
}
