package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.DataException;
import io.sfumato.datasets.Dataset;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.classification.Classifier;
import io.sfumato.fusion.classification.ClassifierFacts;
import io.sfumato.fusion.classification.ItemParts;
import io.sfumato.fusion.classification.LabelledItems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a classifier. */
@Command(name = "evaluate", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Measures a classifier on items whose labels are known: accuracy, precision, recall and F1 of each label, log loss, calibration, who was taken for whom.",
  "Without DATA, on the test part of what it was trained on. With other data than that, on all of it."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato classify evaluate categories", "  sfumato classify evaluate categories --part valid --json",
    "  sfumato classify evaluate categories another-shop --report how-good"})
final class ClassifyEvaluateCommand implements Callable<Integer> {
  private static final String ALL = "all";

  @Parameters(index = "0", paramLabel = "DIR", description = "The folder that 'classify train' wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Parameters(index = "1", arity = "0..1", paramLabel = "DATA", description = "A folder with items.csv and images/, or a file of items. Default: where it was trained from.")
  private @Nullable Path data;

  @Option(names = "--part", paramLabel = "train|valid|test|all", description = "Which items: a part of the split that it was trained with, or all. Default: test of its own data, all of other data.")
  private @Nullable String part;

  @Option(names = "--label", paramLabel = "COLUMN", description = "The column with the labels. Default: the one that it was trained on.")
  private @Nullable String label;

  @Option(names = "--cache", paramLabel = "DIR", description = "Where encoded texts and pictures are kept. Default: .sfumato/vectors in the home directory.")
  private @Nullable Path cache;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ItemOptions items;

  @Option(names = "--report", paramLabel = "OUT", description = "Write a folder with index.html, a page of plots to look at, and report.json.")
  private @Nullable Path report;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  ClassifyEvaluateCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    Measurement measure = new Measurement(report, cache, output);
    measure.requireRoom();
    if (part != null && !part.equals(ALL)) {
      ItemParts.Part.parse(part);
    }
    try (Classifier classifier = Classifier.open(directory)) {
      ClassifierFacts facts = classifier.facts();
      Dataset dataset = items.read(data == null ? home(facts) : data, facts.source());
      LabelledItems labelled = LabelledItems.of(dataset.catalog(), column(facts));
      streams.err().println(ClassifyText.data(dataset, labelled));
      boolean own = data == null || labelled.sha256().equals(facts.dataSha256());
      String chosen = part != null ? part : own && !facts.parts().isEmpty() ? ItemParts.Part.TEST.id() : ALL;
      measure.run(classifier, select(labelled, chosen, facts), chosen, dataset.name(), streams.out(), progress);
    }
    return 0;
  }

  private String column(ClassifierFacts facts) {
    if (label != null) {
      return label;
    }
    if (facts.column().isEmpty()) {
      throw new FusionException("BAD_OPTION",
          "the classifier in %s was made without labelled items; say by --label which column has them".formatted(
              directory));
    }
    return facts.column();
  }

  private Path home(ClassifierFacts facts) {
    String location = facts.source().getOrDefault(ItemOptions.LOCATION, "");
    if (location.isEmpty() || !Files.exists(Path.of(location))) {
      throw new DataException("NO_FILE", location.isEmpty()
          ? "the classifier in %s does not say what it was trained on; give DATA".formatted(directory)
          : "%s, which the classifier was trained on, is not there any more; give DATA".formatted(location));
    }
    return Path.of(location);
  }

  private LabelledItems select(LabelledItems labelled, String chosen, ClassifierFacts facts) {
    if (chosen.equals(ALL)) {
      return labelled;
    }
    if (facts.parts().isEmpty()) {
      throw new FusionException("BAD_OPTION",
          "the classifier in %s was made without a split; leave --part out or say all".formatted(directory));
    }
    ItemParts.Part wanted = ItemParts.Part.parse(chosen);
    LabelledItems selected = labelled
        .select(ItemParts.parse(facts.parts(), facts.seed()).places(labelled, wanted));
    if (selected.size() == 0) {
      throw new FusionException("NO_CONTENT",
          "no labelled item of %s is in its part '%s' by %s; choose another --part".formatted(directory, chosen,
              facts.parts()));
    }
    return selected;
  }
}
