package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.recommend.bundle.VersionStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a bundle into a store. */
@Command(name = "install", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Brings a bundle into a store as a new version, verified, with the updates that it holds; the bundle stays. May be done while the store serves.",
  "The first version of a store serves; later ones wait for a swap."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato store install shops my-bundle", "  sfumato store install shops my-bundle --name monday"})
final class StoreInstallCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "STORE", description = "A directory that 'store init' made.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Parameters(index = "1", paramLabel = "BUNDLE", description = "A directory that 'train' wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path bundle;

  @Option(names = "--name", paramLabel = "NAME", description = "Of the version. Default: the next of v1, v2, and so on.")
  private @Nullable String name;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  StoreInstallCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    VersionStore store = VersionStore.at(directory);
    String installed = store.install(bundle, name);
    boolean serves = installed.equals(store.pointer().current());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("store", store.directory().toString());
    json.put("version", installed);
    json.put("serves", serves);
    output.print(streams.out(), json, () -> "Installed as %s%s.\n".formatted(installed,
        serves ? ", which serves" : "; 'sfumato store swap %s %s' lets it serve".formatted(directory, installed)));
    return 0;
  }
}
