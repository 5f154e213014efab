package io.sfumato.recommend.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Versions of a bundle, one of which serves. */
@Command(name = "store", mixinStandardHelpOptions = true, description = "Keeps versions of a bundle, one of which serves.", subcommands = {
  StoreInitCommand.class, StoreInstallCommand.class, StoreSwapCommand.class, StoreListCommand.class})
final class StoreCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(),
        "say what to do: store init, store install, store swap, store list");
  }
}
