package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.recommend.Compaction;
import io.sfumato.recommend.bundle.CompactedLog;
import io.sfumato.recommend.bundle.VersionStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Drops from logs what no longer counts. */
@Command(name = "compact", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Writes the logs of updates anew with what still counts: of each item how it was put last, of each person and item the last feedback. Answers stay the same.",
  "Of a store, the logs of every version. A service does it by itself when it starts, where a log holds "
      + Compaction.WORTH_IT
      + " records or more and more than twice those that count."}, footerHeading = "%nExamples:%n", footer = {
        "  sfumato compact my-bundle", "  sfumato compact shops     every version of a store"})
final class CompactCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "A bundle, or a store of versions, that nobody serves at the moment.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  CompactCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Map<String, Compaction> done = VersionStore.isStore(directory)
        ? Compaction.ofStore(directory)
        : Map.of("", Compaction.of(directory));
    Map<String, Object> json = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder();
    done.forEach((version, compaction) -> {
      Map<String, Object> logs = new LinkedHashMap<>();
      logs.put("catalog", facts(compaction.catalog()));
      logs.put("feedback", facts(compaction.feedback()));
      json.put(version, logs);
      text.append(line(version, "catalogue", compaction.catalog()))
          .append(line(version, "feedback", compaction.feedback()));
    });
    output.print(streams.out(), json.getOrDefault("", Map.of("versions", json)),
        () -> text.isEmpty() ? "No version yet: 'sfumato store install' brings one.\n" : text.toString());
    return 0;
  }

  private static Map<String, Object> facts(CompactedLog log) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("records", log.records());
    facts.put("kept", log.kept());
    facts.put("bytes_before", log.bytesBefore());
    facts.put("bytes_after", log.bytesAfter());
    return facts;
  }

  private static String line(String version, String name, CompactedLog log) {
    return "%s%s: %,d of %s kept, %s -> %s\n".formatted(version.isEmpty() ? "" : version + " ", name, log.kept(),
        Sfumato.plural(log.records(), "record"), Text.bytes(log.bytesBefore()), Text.bytes(log.bytesAfter()));
  }
}
