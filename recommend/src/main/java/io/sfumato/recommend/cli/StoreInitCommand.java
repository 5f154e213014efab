package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.recommend.bundle.VersionStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes a store. */
@Command(name = "init", mixinStandardHelpOptions = true, sortOptions = false, description = "Makes an empty store of versions; leaves one that is there as it is.", footerHeading = "%nExample:%n", footer = "  sfumato store init shops")
final class StoreInitCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "STORE", description = "Where it will stand.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  StoreInitCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    VersionStore store = VersionStore.init(directory);
    output.print(streams.out(), Map.of("store", store.directory().toString()),
        () -> "%s is a store of %s.\n".formatted(directory, Sfumato.plural(store.versions().size(), "version")));
    return 0;
  }
}
