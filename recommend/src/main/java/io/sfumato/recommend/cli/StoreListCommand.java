package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.recommend.bundle.VersionStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the versions of a store. */
@Command(name = "list", mixinStandardHelpOptions = true, sortOptions = false, description = "Lists the versions of a store, oldest first, and which one serves.", footerHeading = "%nExamples:%n", footer = {
  "  sfumato store list shops", "  sfumato store list shops --prune 3     removes the oldest first but for three"})
final class StoreListCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "STORE", description = "A directory that 'store init' made.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--prune", paramLabel = "N", description = "Remove the oldest versions but for so many; never the one that serves, nor the one before it.")
  private int prune;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  StoreListCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    VersionStore store = VersionStore.at(directory);
    List<String> removed = prune == 0 ? List.of() : store.prune(prune);
    VersionStore.Pointer pointer = store.pointer();
    List<String> versions = store.versions();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("current", pointer.current());
    json.put("previous", pointer.previous());
    json.put("versions", versions);
    json.put("removed", removed);
    output.print(streams.out(), json, () -> {
      StringBuilder text = new StringBuilder();
      removed.forEach(name -> text.append("Removed ").append(name).append(".\n"));
      for (String name : versions) {
        String role = name.equals(pointer.current())
            ? "  serves"
            : name.equals(pointer.previous()) ? "  served before" : "";
        text.append(name).append(role).append('\n');
      }
      return versions.isEmpty() ? text + "No version yet: 'sfumato store install' brings one.\n" : text.toString();
    });
    return 0;
  }
}
