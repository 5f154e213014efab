package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.recommend.RecommenderStore;
import io.sfumato.recommend.Swap;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets another version of a store serve. */
@Command(name = "swap", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Lets another version of a store serve, with every acknowledged update carried over: feedback, items put and removed.",
  "A store that a service has open is swapped by that service: POST /v1/admin/swap."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato store swap shops v2", "  sfumato store swap shops          back to the version that served before"})
final class StoreSwapCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "STORE", description = "A directory that 'store init' made.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "Default: the one that served before.")
  private @Nullable String version;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  StoreSwapCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Swap swap;
    try (RecommenderStore store = RecommenderStore.open(directory)) {
      swap = version == null ? store.back() : store.swapTo(version);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("from", swap.from());
    json.put("to", swap.to());
    json.put("carried", swap.carried());
    json.put("took_ms", swap.took().toMillis());
    output.print(streams.out(), json, () -> "%s serves in place of %s; %s carried over.\n".formatted(swap.to(),
        swap.from(), Sfumato.plural(swap.carried(), "update")));
    return 0;
  }
}
