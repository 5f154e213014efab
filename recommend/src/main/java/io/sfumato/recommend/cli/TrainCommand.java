package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.privacy.accounting.SigningKeys;
import io.sfumato.recommend.audit.BundleSigning;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Learns a recommender from a folder of data. */
@Command(name = "train", mixinStandardHelpOptions = true, sortOptions = false, description = "Learns a recommender from a folder with items.csv, interactions.csv and images/, and writes it as a bundle.", footerHeading = "%nExamples:%n", footer = {
  "  sfumato train my-shop --out my-bundle",
  "  sfumato train films --out films-bundle --min-rating 4 --k-core 5 --split last",
  "  sfumato train shop --out bundle --column item_id=sku --column title=name --items products.parquet",
  "  sfumato train shop --out bundle --config mine.yaml --set training.learning-rate=0.001",
  "  sfumato train shop --out bundle --epsilon 8 --delta 1e-6     with differential privacy for its people",
  "  sfumato train shop --out bundle --epsilon 8 --canaries 1000 --holdout-users 0.1 --secret audit-secret.json",
  "                                                to be audited: sfumato privacy audit bundle",
  "  sfumato train --settings > mine.yaml          every setting with its default, to start from"})
final class TrainCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "DATA", description = "The folder of the data set.")
  private @Nullable Path data;

  @Option(names = "--out", paramLabel = "BUNDLE", description = "Where the bundle will stand; replaces a bundle that is there.")
  private @Nullable Path out;

  @Option(names = "--split", paramLabel = "SPEC", description = "random[:0.8,0.1,0.1], coin[:…], last[:…], global-time[:…], leave-one-out, cold[:0.1] or file:PATH. Default: ${bundle:default.split}.")
  private @Nullable String split;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ConfigOptions config;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private DataOptions dataOptions;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private PrivacyOptions privacyOptions;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private PlantingOptions planting;

  @Option(names = "--tune", paramLabel = "TIME", description = "Search settings on the validation interactions for so long, such as 10m, the fusion's training and the ranker included. Without it, a few trials of the item models.")
  private @Nullable String tune;

  @Option(names = "--resume", description = "Keep a checkpoint after each epoch in BUNDLE.training, and go on from one that is there.")
  private boolean resume;

  @Option(names = "--sign", paramLabel = "KEY", description = "Sign the bundle with this key, as 'privacy keygen' writes it.")
  private @Nullable Path sign;

  @Option(names = "--discard-updates", description = "Replace a bundle also where people or the catalogue changed since it was trained.")
  private boolean discardUpdates;

  @Option(names = "--settings", description = "Print the reference configuration and stop.")
  private boolean settings;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private final Streams streams;
  private final Progress progress;
  private final Workbench workbench;

  @Inject
  TrainCommand(Streams streams, Progress progress, Workbench workbench) {
    this.streams = streams;
    this.progress = progress;
    this.workbench = workbench;
  }

  @Override
  public Integer call() {
    if (settings) {
      streams.out().print(ConfigReader.referenceText());
      return 0;
    }
    if (data == null || out == null) {
      throw new ParameterException(spec.commandLine(),
          "DATA and --out BUNDLE are needed: what to learn from, and where to write");
    }
    SfumatoConfig settled = settled(split);
    Workbench.AuditJob audited = planting.job(spec, out);
    KeyPair keys = sign == null ? null : SigningKeys.readPrivate(sign);
    workbench.requireRoom(out, settled);
    long start = System.nanoTime();
    Dataset dataset = DataOptions.read(data, settled.data());
    Split parts = Splitter.parse(settled.split(), settled.seed()).split(dataset);
    streams.err()
        .println(Described.dataset(parts.dataset())
            + (settled.privacy().enabled() ? " (" + PrivacyFacts.INTERNAL + ")" : ""));
    workbench.train(new Workbench.TrainJob(parts, data.toAbsolutePath().normalize().toString(), settled, out,
        resume ? out.resolveSibling(out.getFileName() + ".training") : null, discardUpdates, audited),
        progress);
    if (keys != null) {
      BundleSigning.sign(out, keys);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Bundle bundle = Bundle.open(out);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bundle", out.toString());
    json.put("data", Described.split(parts));
    json.put("left_out", parts.dataset().report().toMap());
    json.put("results", bundle.provenance().results());
    if (bundle.privacy() != null) {
      json.put("privacy", PrivacyFacts.json(bundle));
      json.put("internal_not_private", List.of("data", "left_out"));
    }
    json.put("seconds", Math.round(seconds * 10) / 10.0);
    output.print(streams.out(), json, () -> "Trained in " + Text.seconds(seconds) + ".\n"
        + Described.results(bundle.provenance().results())
        + (bundle.privacy() == null ? "" : "\n" + Text.facts(PrivacyFacts.lines(bundle)))
        + "\nNext: sfumato evaluate " + out + "\n      sfumato recommend " + out + " --user "
        + parts.dataset().interactions().userId(0) + "\n");
    return 0;
  }

  private SfumatoConfig settled(@Nullable String chosenSplit) {
    ConfigReader reader = config.reader();
    dataOptions.apply(reader);
    privacyOptions.apply(reader);
    ConfigOptions.override(reader, "split", chosenSplit, "--split");
    ConfigOptions.override(reader, "tuning.time", tune, "--tune");
    return reader.read();
  }
}
