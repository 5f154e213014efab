package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.read.DatasetReader;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.pairs.PairConfig;
import io.sfumato.fusion.pairs.PairModel;
import io.sfumato.fusion.pairs.PairObjective;
import io.sfumato.fusion.pairs.PairPrivacy;
import io.sfumato.fusion.pairs.PairRecall;
import io.sfumato.fusion.pairs.PairSplit;
import io.sfumato.fusion.pairs.PairTrainer;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.recommend.config.SfumatoConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tunes a text and an image encoder together on pairs. */
@Command(name = "finetune", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Tunes a text and an image encoder together on items that have both, so that a text finds its image and an image its text.",
  "Writes DIR/text and DIR/image, for 'sfumato train --text-encoder DIR/text --image-encoder DIR/image', and the projections to the space that both share."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato finetune my-shop --out my-encoders --text-tuning lora:8",
    "  sfumato finetune my-shop --out my-encoders --image-encoder vit-folder --image-tuning last:2 --epochs 5",
    "  sfumato finetune my-shop --out my-encoders --epsilon 8 --delta 1e-5     pairs with differential privacy"})
final class FineTuneCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DATA", description = "The folder of the data set: items with title or text, and images.")
  @SuppressWarnings("NullAway.Init")
  private Path data;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where encoders and projections are written; must be empty, or hold such a model.")
  @SuppressWarnings("NullAway.Init")
  private Path out;

  @Option(names = "--text-tuning", paramLabel = "HOW", defaultValue = "lora:8", description = "How much of the text encoder learns: frozen, lora:RANK, last:N or full. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String textTuning;

  @Option(names = "--image-tuning", paramLabel = "HOW", description = "The same of the image encoder. Default: full from scratch, else frozen.")
  private @Nullable String imageTuning;

  @Option(names = "--test", paramLabel = "N", description = "Pairs to measure with, chosen by a hash of the item's id. Default: a tenth, 1,000 at most.")
  private @Nullable Integer test;

  @Option(names = "--valid", paramLabel = "N", description = "Pairs, of the others, that say when to stop. Default: a tenth, 500 at most; none with --epsilon.")
  private @Nullable Integer valid;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private PairOptions options;

  @Option(names = "--epsilon", paramLabel = "E", description = "Tune with differential privacy: all that DIR ever reveals of a training pair stays within this epsilon. Default: tuned without.")
  private @Nullable Double epsilon;

  @Option(names = "--delta", paramLabel = "D", defaultValue = "1e-5", description = "Probability with which that may fail; below one over the number of pairs. Default: ${DEFAULT-VALUE}.")
  private double delta;

  @Option(names = "--objective", paramLabel = "grouped|anchors", defaultValue = "grouped", description = "What private pairs are told from: others of a small group, or public anchors. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String objective;

  @Option(names = "--group-size", paramLabel = "N", defaultValue = "8", description = "Pairs expected in a group. Default: ${DEFAULT-VALUE}.")
  private int groupSize;

  @Option(names = "--steps", paramLabel = "N", defaultValue = "300", description = "Private steps. Default: ${DEFAULT-VALUE}.")
  private long steps;

  @Option(names = "--sampling-rate", paramLabel = "Q", defaultValue = "0.05", description = "Probability that a pair takes part in a private step. Default: ${DEFAULT-VALUE}.")
  private double samplingRate;

  @Option(names = "--expected-pairs", paramLabel = "N", defaultValue = "10000", description = "A public guess of the number of pairs, never counted from the data. Default: ${DEFAULT-VALUE}.")
  private double expectedPairs;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  FineTuneCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    PairConfig config = options.config(textTuning, imageTuning);
    PairPrivacy privacy = epsilon == null ? null : privacy(epsilon);
    requireRoom(out);
    List<Item> pairs = DatasetReader.folder(data)
        .itemsOnly()
        .read()
        .catalog()
        .items()
        .stream()
        .filter(item -> item.hasText() && item.hasImage())
        .toList();
    PairSplit split = PairSplit.byHash(pairs, test == null ? Math.min(1000, pairs.size() / 10) : test,
        valid != null ? valid : privacy != null ? 0 : Math.min(500, pairs.size() / 10));
    VectorCache cache = new VectorCache(SfumatoConfig.defaults().cacheDirectory());
    long begin = System.nanoTime();
    try (PairModel model = trained(split, config, privacy, cache)) {
      double seconds = (System.nanoTime() - begin) / 1e9;
      PairRecall recall = split.test().isEmpty() ? null : model.recall(split.test(), null, progress);
      model.save(out);
      report(model, split, recall, seconds);
    }
    return 0;
  }

  private PairModel trained(PairSplit split, PairConfig config, @Nullable PairPrivacy privacy, VectorCache cache) {
    TextEncoder text = options.text();
    ImageEncoder image = null;
    try {
      image = options.image(config.seed());
      PairTrainer trainer = new PairTrainer(text, image, options.freshImage(), config, cache);
      return (privacy == null ? trainer : trainer.withPrivacy(privacy)).train(split, progress);
    } catch (RuntimeException e) {
      text.close();
      if (image != null) {
        image.close();
      }
      throw e;
    }
  }

  private PairPrivacy privacy(double budget) {
    return PairPrivacy.of(PrivacyBudget.of(budget, delta))
        .withObjective(PairObjective.parse(objective))
        .withSteps(samplingRate, steps)
        .withSizes(groupSize, expectedPairs);
  }

  private static void requireRoom(Path out) {
    boolean model = Files.exists(out.resolve("pairs.json"));
    String[] names = out.toFile().list();
    if (!model && Files.exists(out) && (names == null || names.length > 0)) {
      throw new FusionException("BAD_OPTION",
          "%s is no empty folder and holds no tuned encoders; give another --out".formatted(out));
    }
    if (model && Files.exists(out.resolve("ledger.json"))) {
      throw new FusionException("BAD_OPTION",
          "%s holds encoders of a private tuning, whose ledger would be lost; give another --out".formatted(out));
    }
  }

  private void report(PairModel model, PairSplit split, @Nullable PairRecall recall, double seconds) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("out", out.toString());
    json.put("train", split.train().size());
    json.put("valid", split.valid().size());
    json.put("test", recall == null ? Map.of() : recall.toMap());
    json.put("log", model.trainingLog());
    PrivacyLedger ledger = model.ledger();
    if (ledger != null) {
      json.put("privacy",
          Map.of("unit", ledger.unit().label(), "epsilon", ledger.spend(delta, Neighbouring.ADD_REMOVE).pldEpsilon(),
              "delta", delta));
      json.put("internal_not_private", List.of("train", "valid", "test"));
    }
    json.put("seconds", Math.round(seconds * 10) / 10.0);
    output.print(streams.out(), json, () -> text(split, recall, ledger, seconds));
  }

  private String text(PairSplit split, @Nullable PairRecall recall, @Nullable PrivacyLedger ledger, double seconds) {
    StringBuilder text = new StringBuilder();
    text.append("Tuned on ").append(Sfumato.plural(split.train().size(), "pair"));
    text.append(" in ").append(Text.seconds(seconds)).append(".\n");
    if (recall != null) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(row("text→image", recall.textToImage()));
      rows.add(row("image→text", recall.imageToText()));
      text.append(Text.table(
          List.of("among " + Sfumato.plural(recall.pairs(), "test pair"), " R@1", " R@5", " R@10"), rows));
      text.append("By chance R@10 is ").append(share(recall.chance10())).append(".\n");
    }
    if (ledger != null) {
      text.append(String.format(Locale.ROOT,
          "epsilon %.3f at delta %.1e, unit %s; the figures above are internal, not private.%n",
          ledger.spend(delta, Neighbouring.ADD_REMOVE).pldEpsilon(), delta, ledger.unit().label()));
    }
    return text.append("\nNext: sfumato train DATA --out BUNDLE --text-encoder ")
        .append(out.resolve("text"))
        .append(" --image-encoder ")
        .append(out.resolve("image"))
        .append('\n')
        .toString();
  }

  private static List<String> row(String name, PairRecall.At at) {
    return List.of(name, share(at.at1()), share(at.at5()), share(at.at10()));
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * value);
  }
}
