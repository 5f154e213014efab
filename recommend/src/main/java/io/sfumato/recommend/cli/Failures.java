package io.sfumato.recommend.cli;

import io.sfumato.datasets.DataException;
import io.sfumato.encoders.EncoderException;
import io.sfumato.fusion.FusionException;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.config.ConfigException;
import io.sfumato.recommend.service.ServiceException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.ParameterException;

/** Says in one line what went wrong, and with which exit code. */
final class Failures {
  /** The run failed: data, model or machine. */
  static final int FAILED = 1;
  /** The command or the configuration cannot be used. */
  static final int UNUSABLE = 2;

  /** What the data or the recommender say where it is the command that is wrong. */
  private static final Set<String> USAGE_CODES = Set.of("BAD_SPLIT", "UNKNOWN_FIELD", "UNKNOWN_TASTE", "BAD_OPTION");

  private final PrintStream err;

  Failures(PrintStream err) {
    this.err = err;
  }

  /** A command line that cannot be read. */
  int usage(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    err.println("sfumato: " + oneLine(message(e)) + "; see '" + command + " --help'");
    return UNUSABLE;
  }

  /** A command that failed; with the stack trace where it is wanted. */
  int report(Throwable e, boolean verbose) {
    Throwable cause = unwrap(e);
    err.println("sfumato: " + oneLine(describe(cause)));
    if (verbose) {
      e.printStackTrace(err);
    }
    return code(cause);
  }

  private static int code(Throwable e) {
    return switch (e) {
      case ConfigException ignored -> UNUSABLE;
      case IllegalArgumentException ignored -> UNUSABLE;
      case ServiceException service when !service.code().equals("ADDRESS") -> UNUSABLE;
      case DataException data when USAGE_CODES.contains(data.code()) -> UNUSABLE;
      case FusionException fusion when USAGE_CODES.contains(fusion.code()) -> UNUSABLE;
      default -> FAILED;
    };
  }

  private static String describe(Throwable e) {
    return switch (e) {
      case ConfigException known -> message(known);
      case DataException known -> message(known);
      case EncoderException known -> message(known);
      case FusionException known -> message(known);
      case RecommendException known -> message(known);
      case BundleException known -> message(known);
      case PrivacyException known -> message(known);
      case ServiceException known -> message(known);
      case IllegalArgumentException known -> message(known);
      case NoSuchFileException missing -> "there is no file or directory " + missing.getMessage() + "; check the path";
      case AccessDeniedException denied -> denied.getMessage() + " may not be read or written; check its permissions";
      case FileAlreadyExistsException exists -> exists.getMessage() + " exists already; give another place";
      case IOException io -> "reading or writing failed: " + message(io);
      case OutOfMemoryError memory ->
        "out of memory (%s) with %d MiB; give the JVM more with SFUMATO_OPTS=-Xmx8g, or ask for smaller steps"
            .formatted(memory.getMessage(), Runtime.getRuntime().maxMemory() >> 20);
      default -> "unexpected %s: %s; --verbose shows where".formatted(e.getClass().getSimpleName(), message(e));
    };
  }

  /** What a wrapper that says nothing of its own was thrown for. */
  private static Throwable unwrap(Throwable e) {
    Throwable cause = e.getCause();
    boolean wrapper = e instanceof ExecutionException || e instanceof UncheckedIOException
        || e instanceof java.util.concurrent.CompletionException
        || (e instanceof com.google.inject.ProvisionException && cause != null);
    return wrapper && cause != null ? unwrap(cause) : e;
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static String oneLine(String message) {
    return message.lines().map(String::strip).filter(line -> !line.isEmpty()).reduce((a, b) -> a + " " + b).orElse("");
  }
}
