package io.sfumato.recommend.cli;

import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.inject.Inject;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.service.ApiTokens;
import io.sfumato.recommend.service.Scope;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a token. */
@Command(name = "token", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Makes a token for those who ask, and prints its secret, which is shown this once.",
  "The file keeps its name, its scopes and the SHA-256 of its secret; a running service reads it when it starts."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato serve token --name shop --scope read,write --into tokens.yaml",
    "  curl -H \"Authorization: Bearer $TOKEN\" localhost:8080/v1/recommend?user=u-7"})
final class ServeTokenCommand implements Callable<Integer> {
  @Option(names = "--name", paramLabel = "NAME", defaultValue = "token", description = "Whose it is, for people. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Option(names = "--scope", required = true, split = ",", paramLabel = "SCOPE", description = "What it allows: read (ask), write (feedback and items), admin (list people, swap versions).")
  @SuppressWarnings("NullAway.Init")
  private List<String> scopes;

  @Option(names = "--into", paramLabel = "FILE", description = "Add it to this file, made where it is missing. Without it what to add is printed.")
  private @Nullable Path file;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  ServeTokenCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Set<Scope> allowed = EnumSet.noneOf(Scope.class);
    scopes.forEach(scope -> allowed.add(Scope.of(scope)));
    ApiTokens.Made made = ApiTokens.make(name, allowed);
    if (file != null) {
      write(file, Files.exists(file) ? ApiTokens.read(file).with(made.token()) : new ApiTokens(List.of(made.token())));
    }
    Map<String, Object> facts = new LinkedHashMap<>(facts(made.token()));
    facts.put("secret", made.secret());
    String more = file == null ? "%nAdd this to the file that 'serve --tokens' reads:%n%n".formatted()
        + yaml(new ApiTokens(List.of(made.token()))) : "It is in %s as '%s'.%n".formatted(file, name);
    output.print(streams.out(), facts,
        () -> "The secret, shown this once:%n%n  %s%n%n%s".formatted(made.secret(), more));
    return 0;
  }

  private static Map<String, Object> facts(ApiTokens.Token token) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", token.name());
    facts.put("scopes", token.scopes().stream().sorted().map(Scope::word).toList());
    facts.put("sha256", token.sha256());
    return facts;
  }

  private static String yaml(ApiTokens tokens) throws IOException {
    List<Map<String, Object>> list = new ArrayList<>();
    tokens.tokens().forEach(token -> list.add(facts(token)));
    return YAMLMapper.builder()
        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
        .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
        .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
        .build()
        .writeValueAsString(Map.of("tokens", list));
  }

  /** Beside and renamed, readable by its owner alone from the first byte on. */
  private static void write(Path file, ApiTokens tokens) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new BundleException("ILLEGAL_PATH", file + " is no file to write; name one");
    }
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] owner = posix
        ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
        : new FileAttribute<?>[0];
    Path beside = Files.createTempFile(folder, ".tokens", ".new", owner);
    try {
      Files.writeString(beside, yaml(tokens));
      try (FileChannel channel = FileChannel.open(beside)) {
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(folder)) {
        channel.force(true);
      }
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
