package io.sfumato.recommend.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Gives items labels. */
@Command(name = "classify", mixinStandardHelpOptions = true, sortOptions = false, description = "Learns labels of items from their texts and pictures, gives them to other items, and measures how well.", subcommands = {
  ClassifyTrainCommand.class, ClassifyPredictCommand.class, ClassifyEvaluateCommand.class,
  ClassifyZeroShotCommand.class}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato classify train my-shop --label category --out categories",
    "  sfumato classify train my-shop --label category --out categories --few-shot prototypes --shots 5",
    "  sfumato classify train my-shop --label category --out categories --epsilon 8 --delta 1e-6",
    "  sfumato classify evaluate categories --report how-good",
    "  sfumato classify predict categories --input new-items.jsonl --top 3",
    "  sfumato classify zero-shot clip-folder --labels shoe,shirt,bag --input my-shop"})
final class ClassifyCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: "
        + String.join(", ", spec.subcommands().keySet().stream().map(name -> "classify " + name).toList()));
  }
}
