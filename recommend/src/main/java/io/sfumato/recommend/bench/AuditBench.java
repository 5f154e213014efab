package io.sfumato.recommend.bench;

import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.privacy.audit.AuditClaim;
import io.sfumato.privacy.audit.AuditEvidence;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.MembershipEvidence;
import io.sfumato.privacy.audit.PrivacyAudit;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.recommend.audit.RecommenderSubject;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.training.AuditPlan;
import io.sfumato.recommend.training.PlantedData;
import io.sfumato.recommend.training.PrivateOutcome;
import io.sfumato.recommend.training.RecommenderTrainer;
import io.sfumato.recommend.training.TrainedRecommender;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Audits the audit: the same people are kept out and the same canaries planted in three trainings on the built-in shop, and the same attacks with the same thresholds must find much where there is no noise, nothing that
 * refutes the claim where the noise is what the ledger says, and the lie where the noise is a tenth of it.
 */
public final class AuditBench {
  /** ε that is claimed. */
  public static final double EPSILON = 1;
  /** What the noise is multiplied by behind the ledger's back. */
  public static final double LIE = 0.1;
  /** The least lower bound on ε that must be found without noise. */
  public static final double LEAST_WITHOUT_NOISE = 3;
  private static final double HOLDOUT = 0.1;
  private static final double DELTA = 1e-5;

  /**
   * Size of the bench.
   *
   * @param customers of the shop
   * @param items of the shop
   * @param canaries planted
   * @param shadows of each audit, 0 for none
   * @param confidence of the bounds of each audit together
   * @param seed of shop and canaries
   */
  public record Options(int customers, int items, int canaries, int shadows, double confidence, long seed) {}

  /**
   * A training and its audit.
   *
   * @param name what was done to the noise
   * @param allowedAuc area that the claim allows; 1 where nothing is claimed
   * @param evidence what was found
   * @param trainSeconds of the training
   * @param auditSeconds of the audit
   */
  public record Run(String name, double allowedAuc, AuditEvidence evidence, double trainSeconds,
      double auditSeconds) {}

  /**
   * A bar.
   *
   * @param what is asked
   * @param found the figures
   * @param passed whether it is met
   */
  public record Check(String what, String found, boolean passed) {}

  /**
   * All of it.
   *
   * @param runs without noise, as the ledger says, with a tenth of it
   * @param checks bars
   * @param seconds from beginning to end
   */
  public record Result(List<Run> runs, List<Check> checks, double seconds) {
    public Result {
      runs = List.copyOf(runs);
      checks = List.copyOf(checks);
    }

    /** Whether all bars are met. */
    public boolean passed() {
      return checks.stream().allMatch(Check::passed);
    }
  }

  private final Options options;
  private final SfumatoConfig config;
  private final PlantedData data;
  private final Progress progress;

  private AuditBench(Options options, SfumatoConfig config, Progress progress) {
    this.options = options;
    this.config = config;
    this.progress = progress;
    Split split = Splitter.parse(config.split(), config.seed())
        .split(DemoShop.builder()
            .items(options.items)
            .customers(options.customers)
            .seed(options.seed)
            .build()
            .dataset());
    long secret = new SplittableRandom(options.seed).nextLong();
    this.data = PlantedData.plant(split, new AuditPlan(HOLDOUT, options.canaries, secret),
        config.privacy().privacyUnit());
  }

  /**
   * Trains three times and audits each.
   *
   * @param config of the trainings; its budget is set to ε = {@value #EPSILON} at δ = 1e-5
   */
  public static Result run(Options options, SfumatoConfig config, Progress progress) {
    ConfigReader reader = config.change()
        .override("privacy.epsilon", EPSILON, "the bench")
        .override("privacy.delta", DELTA, "the bench");
    long begin = System.nanoTime();
    AuditBench bench = new AuditBench(options, reader.read(), progress);
    RecommenderTrainer trainer = new RecommenderTrainer(bench.config).planted(bench.data);
    Run without = bench.audited("no noise", trainer.withoutNoise(), false);
    Run honest = bench.audited("as the ledger says", trainer, true);
    Run lying = bench.audited("a tenth of it", trainer.falsified(LIE), true);
    return new Result(List.of(without, honest, lying), checks(without, honest, lying),
        (System.nanoTime() - begin) / 1e9);
  }

  private Run audited(String name, RecommenderTrainer trainer, boolean claims) {
    long begin = System.nanoTime();
    try (TrainedRecommender trained = trainer.train(data.training(), List.of(), null, progress);
        RecommenderSubject subject = RecommenderSubject.of(trained, config, data, progress)) {
      long middle = System.nanoTime();
      PrivateOutcome outcome = trained.privacy();
      AuditClaim claim = claims && outcome != null
          ? AuditClaim.of(outcome.ledger().phases(), DELTA, outcome.ledger().unit())
          : null;
      progress.start("attacks", 1);
      AuditEvidence evidence = PrivacyAudit.builder()
          .claim(claim)
          .delta(DELTA)
          .confidence(options.confidence)
          .shadows(options.shadows)
          .selfTest(false) // the run without noise is the self-test of the others
          .seed(options.seed)
          .build()
          .run(subject);
      progress.advance(1, name);
      progress.finish();
      return new Run(name, evidence.evidence().allowedAuc(), evidence, (middle - begin) / 1e9,
          (System.nanoTime() - middle) / 1e9);
    }
  }

  private static List<Check> checks(Run without, Run honest, Run lying) {
    List<Check> checks = new ArrayList<>();
    double most = without.evidence.evidence()
        .canaries()
        .stream()
        .mapToDouble(one -> one.run().epsilonLower())
        .max()
        .orElse(0);
    checks.add(new Check("no noise: the lower bound on epsilon is above " + plain(LEAST_WITHOUT_NOISE), figure(most),
        most > LEAST_WITHOUT_NOISE));
    for (CanaryEvidence one : without.evidence.evidence().canaries()) {
      CanaryEvidence.Run run = one.run();
      checks.add(new Check(
          "no noise: %s reaches %.0f %% of its ceiling".formatted(one.attack(), 100 * PrivacyAudit.STRONG_SHARE),
          "%s of %s".formatted(figure(run.epsilonLower()), figure(run.ceiling())),
          run.ceiling() > 0 && run.epsilonLower() >= PrivacyAudit.STRONG_SHARE * run.ceiling()));
    }
    for (CanaryEvidence one : honest.evidence.evidence().canaries()) {
      checks.add(new Check(
          "epsilon %s: the lower bound of %s is not above it".formatted(plain(EPSILON), one.attack()),
          figure(one.run().epsilonLower()), one.run().epsilonLower() <= EPSILON));
    }
    List<MembershipEvidence> areas = new ArrayList<>(honest.evidence.evidence().memberships());
    for (CanaryEvidence one : honest.evidence.evidence().canaries()) {
      MembershipEvidence ranking = one.ranking();
      if (ranking != null) {
        areas.add(ranking);
      }
    }
    for (MembershipEvidence one : areas) {
      checks.add(new Check(
          "epsilon %s: the area of %s (%s) is not above what is allowed".formatted(plain(EPSILON), one.attack(),
              one.unit()),
          "%s, at least %s, of %s".formatted(figure(one.auc()), figure(one.aucLow()), figure(honest.allowedAuc)),
          one.aucLow() <= honest.allowedAuc));
    }
    checks.add(new Check("epsilon %s: no red finding".formatted(plain(EPSILON)), codes(honest),
        reds(honest).isEmpty()));
    checks.add(new Check("a tenth of the noise: a red finding", codes(lying), !reds(lying).isEmpty()));
    return checks;
  }

  private static List<Finding> reds(Run run) {
    return run.evidence.findings().stream().filter(finding -> finding.severity() == Severity.RED).toList();
  }

  private static String codes(Run run) {
    List<String> codes = reds(run).stream().map(Finding::code).toList();
    return codes.isEmpty() ? "none" : String.join(", ", codes);
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
