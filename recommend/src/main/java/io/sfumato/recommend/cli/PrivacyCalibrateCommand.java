package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.privacy.accounting.Calibration;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacySpend;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How much noise a budget needs. */
@Command(name = "calibrate", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "The smallest noise multiplier with which so many steps stay within a budget.",
  "Noise of this many clipping norms (times the objective's sensitivity) is added to the sum of a step's gradients. By privacy loss distributions, for adding or removing one unit."}, footerHeading = "%nExample:%n", footer = "  sfumato privacy calibrate --q 0.01 --steps 1000 --epsilon 8 --delta 1e-5 --json   {\"sigma\":0.59…}")
final class PrivacyCalibrateCommand implements Callable<Integer> {
  @Option(names = "--q", paramLabel = "Q", required = true, description = "Probability that a unit (user or record) is in a step's batch, in (0, 1].")
  private double q;

  @Option(names = "--steps", paramLabel = "N", required = true, description = "Number of steps.")
  private long steps;

  @Option(names = "--epsilon", paramLabel = "E", required = true, description = "The budget.")
  private double epsilon;

  @Option(names = "--delta", paramLabel = "D", required = true, description = "Probability with which it may fail, in (0, 1).")
  private double delta;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  PrivacyCalibrateCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    double sigma = Calibration.create().sigma(q, steps, epsilon, delta);
    output.print(streams.out(), Map.of("sigma", sigma), () -> {
      PrivacySpend spend = PrivacySpend.of(List.of(Phase.of(sigma, q, steps)), delta, Neighbouring.ADD_REMOVE);
      return "sigma " + PrivacyText.figure(sigma) + "\n\n" + PrivacyText.spend(spend);
    });
    return 0;
  }
}
