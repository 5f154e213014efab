package io.sfumato.recommend.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the machine and the code. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures how fast it computes here.", subcommands = {
  BenchTrainCommand.class, BenchPrivacyCommand.class, BenchEvaluationCommand.class, BenchExplanationsCommand.class,
  BenchCatalogCommand.class, BenchPairsCommand.class, BenchAuditCommand.class, BenchServeCommand.class,
  BenchLiveCommand.class, BenchSoakCommand.class})
final class BenchCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(),
        "say what to measure: bench train, bench privacy, bench evaluation, bench explanations, bench catalog, bench pairs, bench audit, bench serve, bench live, bench soak");
  }
}
