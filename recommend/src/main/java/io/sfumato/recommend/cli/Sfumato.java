package io.sfumato.recommend.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.util.Modules;
import io.sfumato.recommend.config.DefaultsBundle;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code sfumato}: exit code 0 is success, 1 a run that failed (data, model, machine), 2 a command or a configuration that cannot be used. */
@Command(name = "sfumato", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = "Multimodal recommendation: text and image fused, retrieved, ranked, explained.", subcommands = {
  DemoCommand.class, TrainCommand.class, FineTuneCommand.class, EncodeCommand.class, EvaluateCommand.class,
  RecommendCommand.class,
  SearchCommand.class, SimilarCommand.class, ServeCommand.class, StoreCommand.class, CompactCommand.class,
  InspectCommand.class,
  ExportCommand.class,
  ClassifyCommand.class,
  PrivacyCommand.class,
  BenchCommand.class,
  HelpCommand.class}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato demo                                   the whole way on the built-in shop, with a page to look at",
    "  sfumato train my-shop --out my-bundle          learn from items.csv, interactions.csv and images/",
    "  sfumato evaluate my-bundle                     how good it is, beside baselines",
    "  sfumato recommend my-bundle --user u-7 -k 10   what to show to someone, and why",
    "  sfumato search my-bundle \"red canvas sneaker\"  what words describe",
    "  sfumato serve my-bundle                        the same over HTTP, with a page to look at", "",
    "'sfumato COMMAND --help' tells more. Exit codes: 0 done, 1 the run failed, 2 the command or the",
    "configuration cannot be used."})
public final class Sfumato implements Runnable {
  /** Only help texts tell the defaults, which take a while to read. */
  private static final Set<String> HELP = Set.of("-h", "--help", "help");

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  /** The process's entry. */
  public static void main(String[] args) {
    Streams streams = Streams.ofProcess();
    int code = run(streams, Modules.EMPTY_MODULE, args);
    streams.out().flush();
    streams.err().flush();
    // Engine and search leave threads behind that would keep the process for a while.
    System.exit(code);
  }

  /** Runs a command line in this process, without a terminal; returns the exit code. */
  public static int run(OutputStream out, OutputStream err, String... args) {
    return run(out, err, Modules.EMPTY_MODULE, args);
  }

  /** As {@link #run(OutputStream, OutputStream, String...)}, with some of the bindings replaced. */
  public static int run(OutputStream out, OutputStream err, Module overrides, String... args) {
    return run(Streams.plain(out, err), overrides, args);
  }

  private static int run(Streams streams, Module overrides, String... args) {
    boolean verbose = Arrays.asList(args).contains("--verbose");
    Libraries.quiet();
    try {
      Injector injector = Guice.createInjector(Modules.override(new CommandLineModule(streams)).with(overrides));
      CommandLine line = commandLine(injector, streams);
      if (Arrays.stream(args).anyMatch(HELP::contains)) {
        line.setResourceBundle(new DefaultsBundle());
      }
      return line.execute(args);
    } catch (Throwable e) { // the last resort: out of memory, a native library that does not load
      return new Failures(streams.err()).report(e, verbose);
    }
  }

  private static CommandLine commandLine(Injector injector, Streams streams) {
    Failures failures = new Failures(streams.err());
    CommandLine line = new CommandLine(Sfumato.class, new GuiceFactory(injector));
    line.setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(streams.outIsTerminal() ? Ansi.ON : Ansi.OFF));
    line.setUsageHelpWidth(110);
    line.setUsageHelpLongOptionsMaxWidth(34);
    line.setAbbreviatedOptionsAllowed(false);
    line.setParameterExceptionHandler((e, args) -> failures.usage(e));
    line.setExecutionExceptionHandler(
        (e, command, result) -> failures.report(e, Arrays.asList(result.originalArgs().toArray()).contains("--verbose")
            || subcommandIsVerbose(result)));
    return line;
  }

  private static boolean subcommandIsVerbose(CommandLine.ParseResult result) {
    return result.hasSubcommand() && (result.subcommand().originalArgs().contains("--verbose")
        || subcommandIsVerbose(result.subcommand()));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Commands come from Guice; picocli makes what Guice should not (its own types). */
  private record GuiceFactory(Injector injector) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type.getName().startsWith("io.sfumato.") ? injector.getInstance(type)
          : CommandLine.defaultFactory().create(type);
    }
  }

  static String plural(long n, String one) {
    return String.format(Locale.ROOT, "%,d %s%s", n, one, n == 1 ? "" : "s");
  }
}
