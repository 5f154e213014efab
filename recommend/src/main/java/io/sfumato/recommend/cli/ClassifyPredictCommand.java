package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.classification.Classifier;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives items labels. */
@Command(name = "predict", mixinStandardHelpOptions = true, sortOptions = false, description = "Says which label each item has, and how sure it is: a line an item, in their order.", footerHeading = "%nExamples:%n", footer = {
  "  sfumato classify predict categories --input new-items.jsonl --json",
  "  sfumato classify predict categories --input my-shop --top 3", "",
  "Lines of JSON have the fields id, title, text, image (a path relative to the file), all optional."})
final class ClassifyPredictCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The folder that 'classify train' wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--input", paramLabel = "FILE|DATA", required = true, description = "Lines of JSON, another file of items, or a folder with items.csv and images/.")
  @SuppressWarnings("NullAway.Init")
  private Path input;

  @Option(names = "--top", paramLabel = "K", defaultValue = "1", description = "How many labels of an item are told. Default: ${DEFAULT-VALUE}.")
  private int top;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ItemOptions items;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  ClassifyPredictCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    Predictions told = new Predictions(top, output);
    try (Classifier classifier = Classifier.open(directory)) {
      List<Item> read = ItemLines.fits(input) ? ItemLines.read(input)
          : items.read(input, classifier.facts().source()).catalog().items();
      told.print(classifier, read, streams.out(), progress);
    }
    return 0;
  }
}
