package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Split;
import io.sfumato.recommend.ExplanationAudit;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whether a bundle's explanations hold. */
@Command(name = "explanations", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Takes away what explanations name, and tells how often the score of the explained item falls: the reason named first, out of the history; what the channel with the largest share says; what the larger of text and image says."}, footerHeading = "%nExample:%n", footer = "  sfumato bench explanations my-bundle --users 200 --json")
final class BenchExplanationsCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BUNDLE", description = "The directory that 'train' wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--users", paramLabel = "N", defaultValue = "100", description = "How many people's recommendations are explained. Default: ${DEFAULT-VALUE}.")
  private int users;

  @Option(names = "-k", paramLabel = "N", defaultValue = "10", description = "How many recommendations of each. Default: ${DEFAULT-VALUE}.")
  private int k;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  BenchExplanationsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    if (users < 1 || k < 1) {
      throw new IllegalArgumentException("--users and -k must be 1 or more but were %d and %d".formatted(users, k));
    }
    Bundle bundle = Bundle.open(directory);
    SfumatoConfig config = ConfigReader.reference()
        .map(bundle.provenance().configuration(), directory + "/sfumato.json")
        .read();
    RecommenderModel model = RecommenderModel.load(bundle);
    Split split = bundle.split(model.catalog());
    ExplanationAudit.Result result = new ExplanationAudit(model).run(config.knownBeforeTest(split), users, k,
        bundle.provenance().seed());
    output.print(streams.out(), result.toMap(), () -> text(result));
    return 0;
  }

  private static String text(ExplanationAudit.Result result) {
    return "What becomes of the score of an explained recommendation, %s:%n%n"
        .formatted(Sfumato.plural(result.users(), "user"))
        + Text.table(List.of("taken away", " explanations", " score falls", " by, in sd of the list"),
            List.of(row("the reason named first", result.reason()), row("another item of the history", result.other()),
                row("the strongest channel", result.channel()), row("the stronger modality", result.modality())));
  }

  private static List<String> row(String what, ExplanationAudit.Outcome outcome) {
    return List.of(what, String.valueOf(outcome.checked()),
        outcome.checked() == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * outcome.rate()),
        String.format(Locale.ROOT, "%.3f", outcome.drop()));
  }
}
