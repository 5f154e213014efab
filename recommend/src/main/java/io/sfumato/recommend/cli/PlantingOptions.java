package io.sfumato.recommend.cli;

import io.sfumato.recommend.cli.Workbench.AuditJob;
import io.sfumato.recommend.training.AuditPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What a training leaves behind for its audit. */
final class PlantingOptions {
  @Option(names = "--holdout-users", paramLabel = "SHARE", description = "Keep this share of people, drawn at random, out of the training, for 'privacy audit' to compare with; 0.1 is usual. Default: nobody.")
  private double holdout;

  @Option(names = "--canaries", paramLabel = "N", description = "Plant N invented people, each in or out by a fair coin, for 'privacy audit' to look for; 1000 are usual. They are not served. Default: none.")
  private int canaries;

  @Option(names = "--secret", paramLabel = "FILE", description = "Where it is written who was kept out and which canaries were in; not into the bundle: it is for the auditor alone.")
  private @Nullable Path secret;

  /**
   * What was asked for; null where nothing was.
   *
   * @param bundle that the secret must not lie in
   * @throws ParameterException where the options do not go together
   */
  @Nullable
  AuditJob job(CommandSpec spec, Path bundle) {
    if (holdout == 0 && canaries == 0) {
      if (secret != null) {
        throw new ParameterException(spec.commandLine(),
            "--secret " + secret + " has nothing to tell; give --canaries 1000, --holdout-users 0.1 or both");
      }
      return null;
    }
    if (secret == null) {
      throw new ParameterException(spec.commandLine(),
          "--canaries and --holdout-users need --secret FILE: without it nobody could tell afterwards who was in");
    }
    if (secret.toAbsolutePath().normalize().startsWith(bundle.toAbsolutePath().normalize())) {
      throw new ParameterException(spec.commandLine(),
          "--secret %s lies in the bundle, with which it must not leave; give a place outside".formatted(secret));
    }
    if (Files.exists(secret)) {
      throw new ParameterException(spec.commandLine(),
          "--secret %s is there already: another audit may need it; give another name, or remove it".formatted(secret));
    }
    return new AuditJob(AuditPlan.secret(holdout, canaries), secret);
  }
}
