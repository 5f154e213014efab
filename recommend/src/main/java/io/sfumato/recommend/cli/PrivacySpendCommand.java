package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacySpend;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What steps with a given noise spend. */
@Command(name = "spend", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "The epsilon that so many steps with so much noise spend.",
  "By privacy loss distributions (pld: the number to claim) and by Rényi divergences (rdp: the cross-check, with the order that gave it), for adding or removing one unit."}, footerHeading = "%nExample:%n", footer = "  sfumato privacy spend --q 0.01 --sigma 0.9 --steps 1000 --delta 1e-5 --json")
final class PrivacySpendCommand implements Callable<Integer> {
  @Option(names = "--q", paramLabel = "Q", required = true, description = "Probability that a unit (user or record) is in a step's batch, in (0, 1].")
  private double q;

  @Option(names = "--sigma", paramLabel = "S", required = true, description = "Noise multiplier: deviation of the noise over the sensitivity of a step's sum.")
  private double sigma;

  @Option(names = "--steps", paramLabel = "N", required = true, description = "Number of steps.")
  private long steps;

  @Option(names = "--delta", paramLabel = "D", required = true, description = "Probability with which epsilon may fail, in (0, 1).")
  private double delta;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  PrivacySpendCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    PrivacySpend spend = PrivacySpend.of(List.of(Phase.of(sigma, q, steps)), delta, Neighbouring.ADD_REMOVE);
    output.print(streams.out(), PrivacyText.json(spend), () -> PrivacyText.spend(spend));
    return 0;
  }
}
