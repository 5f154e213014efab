package io.sfumato.recommend.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What training with differential privacy costs, and what a model has spent. */
@Command(name = "privacy", mixinStandardHelpOptions = true, sortOptions = false, description = "What differential privacy costs: the ledger of a bundle, how much noise a budget needs, what steps spend, what it does to recommendations, and an audit of all that.", subcommands = {
  PrivacyLedgerCommand.class, PrivacyCalibrateCommand.class,
  PrivacySpendCommand.class, PrivacyUtilityCommand.class, PrivacyAuditCommand.class, PrivacyKeygenCommand.class,
  PrivacySignCommand.class,
  PrivacyScanCommand.class, PrivacyForgetCommand.class}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato privacy ledger my-bundle",
    "  sfumato privacy calibrate --q 0.01 --steps 1000 --epsilon 8 --delta 1e-5",
    "  sfumato privacy spend --q 0.01 --sigma 0.9 --steps 1000 --delta 1e-5",
    "  sfumato privacy utility --epsilon 8 --delta 1e-5",
    "  sfumato privacy audit my-bundle --data shop --secret audit-secret.json --report audit",
    "  sfumato privacy scan my-shop", "  sfumato privacy forget my-bundle --user u-7",
    "  sfumato privacy keygen --out release-key.pem", "  sfumato privacy sign my-bundle --key release-key.pem"})
final class PrivacyCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to tell: "
        + String.join(", ", spec.subcommands().keySet().stream().map(name -> "privacy " + name).toList()));
  }
}
