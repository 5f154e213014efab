package io.sfumato.privacy.report;

import io.sfumato.privacy.accounting.LedgerCheck;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyProfile;
import io.sfumato.privacy.accounting.PrivacySpend;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.TradeOff;
import io.sfumato.privacy.audit.AccountingFacts;
import io.sfumato.privacy.audit.AuditProvenance;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.DataTouch;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.MechanismFacts;
import io.sfumato.privacy.audit.MembershipEvidence;
import io.sfumato.privacy.audit.Point;
import io.sfumato.privacy.audit.UtilityFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reports to look at: the accounting in them is real, the attacks are made up. */
final class MadeAudits {
  static final double DELTA = 1e-6;
  static final Phase STEPS = Phase.of(1.25, 0.02, 60);
  static final Phase COUNTS = Phase.of(9, 1, 1);
  static final Phase PAIRS = Phase.of(7.5, 1, 1);
  static final List<Phase> PHASES = List.of(COUNTS, PAIRS, STEPS);
  static final PrivacyProfile PROFILE = PldAccountant.create().compose(PHASES);

  private MadeAudits() {}

  /** Everything that a report can hold, and nothing against the claim. */
  static AuditReport full() {
    return new AuditReport(claim(), mechanism(), accounting(true), touches(), utility(), evidence(), provenance(),
        List.of(
            Finding.green("NO_EVIDENCE_AGAINST",
                "No attack got further than the claim allows: the best lower bound is ε ≥ 0.12 at 99.9 %%, which is under ε = %s and proves nothing more."
                    .formatted(Words.figure(claim().epsilon()))),
            Finding.green("LEDGER_INTACT", "All 3 entries of the ledger and its head agree with each other."),
            Finding.yellow("UNSIGNED",
                "The ledger is not signed: its hashes detect accidents, not adversaries.",
                "train with --sign KEY, or sign it with sfumato privacy sign DIR --key KEY"),
            Finding.green("NOISE_AS_CLAIMED",
                "Noise on the popularity counts has a deviation of 9.04, which agrees with the 9 of the ledger.")));
  }

  /** A model whose noise was taken away behind the ledger's back. */
  static AuditReport refuted() {
    AuditReport full = full();
    var run = new CanaryEvidence.Run(1000, 400, 397, DELTA, .999, 3.41, 3.9, 4.67);
    var evidence = new Evidence(List.of(new CanaryEvidence("gradient-space", gradient(), run, twin())),
        List.of(membership("loss threshold", "user", 0.83)), allowed(), PROFILE.tradeOff().maxAuc(), List.of());
    return new AuditReport(full.claim(), full.mechanism(), full.accounting(), full.touches(), full.utility(), evidence,
        full.provenance(),
        List.of(
            Finding.red("CLAIM_REFUTED",
                "The gradient-space attack was right in 397 of 400 guesses, so ε ≥ 3.41 at 99.9 %%; the claim is ε = %s."
                    .formatted(Words.figure(claim().epsilon())),
                "do not release this model; look for what differs from the ledger, the noise first"),
            Finding.yellow("UNSIGNED", "The ledger is not signed.", "sign it")));
  }

  /** A claim and no evidence at all. */
  static AuditReport untested() {
    AuditReport full = full();
    var evidence = new Evidence(List.of(), List.of(), allowed(), PROFILE.tradeOff().maxAuc(),
        List.of("No canaries were planted: train with --canaries 1000 --secret FILE, then audit with --secret FILE.",
            "Nobody was kept out of training: train with --holdout-users 0.1 --secret FILE."));
    return new AuditReport(full.claim(), full.mechanism(), full.accounting(), full.touches(), null, evidence,
        full.provenance(), List.of(Finding.yellow("NO_EVIDENCE", "There is no evidence: nothing was attacked.",
            "train with --canaries and --holdout-users")));
  }

  /** A model that claims nothing, of which nothing is known. */
  static AuditReport unclaimed() {
    return new AuditReport(null, null, null, List.of(new DataTouch("popularity of items", "uncharged", "exact counts")),
        null, new Evidence(List.of(), List.of(), List.of(), 1, List.of("No canaries were planted.")),
        new AuditProvenance("shop", "", "2026-11-22T14:00:00Z", Map.of(), Map.of(), "", List.of()), List.of());
  }

  static ClaimFacts claim() {
    List<Point> curve = new ArrayList<>();
    for (double epsilon = 0; epsilon <= 3.001; epsilon += 0.05) {
      curve.add(new Point(epsilon, PROFILE.delta(epsilon)));
    }
    double epsilon = PROFILE.epsilon(DELTA);
    return new ClaimFacts(epsilon, 2, DELTA, PrivacyUnit.USER, Neighbouring.ADD_REMOVE, epsilon,
        PldAccountant.create().withNeighbouring(Neighbouring.REPLACE).epsilon(PHASES, DELTA), 50, 20_000L, curve,
        List.of("Weights of fusion layer and user tower", "Popularity counts of items", "Item-item matrix",
            "Item vectors in the search index"),
        List.of("Every person whose history was trained on, with up to 50 interactions.",
            "Whether they took part at all, and each thing that they did."),
        List.of("What people in general do: that is what the model is for.",
            "The catalogue: titles, texts and pictures of items are taken to be public.",
            "Recommendations made from a person's own history, shown to others: they read that history (joint differential privacy).",
            "The folder people/ beside the model, which holds histories as they are."));
  }

  private static MechanismFacts mechanism() {
    return new MechanismFacts(
        List.of(
            new MechanismFacts.NoisyRelease("popularity counts", 9, 1, 1, Math.sqrt(50),
                "A person adds at most 1 to each of at most 50 counts, so a vector of length √50.", 9 * Math.sqrt(50),
                9.04 * Math.sqrt(50)),
            new MechanismFacts.NoisyRelease("item-item matrix", 7.5, 1, 1, 1,
                "Histories are scaled to length 1, so the upper triangle of their product has length 1 at most.", 7.5,
                null),
            new MechanismFacts.NoisyRelease("fusion weights and user tower", 1.25, 0.02, 60, 0.5,
                "The gradient of all that a person did is clipped once, to length C = 0.5; negatives come from the catalogue alone.",
                0.625, null)),
        "flat, at C = 0.5 for all parameters of a person together", 400.0, "Poisson", "secure",
        "4 layers, each with a rule for the gradient of one example; no batch statistics", batches());
  }

  private static SortedMap<Integer, Long> batches() {
    SortedMap<Integer, Long> sizes = new TreeMap<>();
    int[] seen = {371, 378, 383, 385, 388, 390, 391, 393, 394, 396, 397, 398, 399, 400, 401, 402, 404, 405, 407, 409,
      411,
      414, 417, 421, 428};
    for (int i = 0; i < seen.length; i++) {
      sizes.put(seen[i], 1L + (i > 5 && i < 20 ? 2 : 0));
    }
    return sizes;
  }

  static AccountingFacts accounting(boolean intact) {
    List<Point> growth = new ArrayList<>();
    growth.add(new Point(0, 0));
    growth.add(new Point(1, epsilon(List.of(COUNTS))));
    growth.add(new Point(2, epsilon(List.of(COUNTS, PAIRS))));
    for (int step = 1; step <= 60; step += 4) {
      growth.add(new Point(2 + step, epsilon(List.of(COUNTS, PAIRS, new Phase(STEPS.mechanism(), step)))));
    }
    growth.add(new Point(62, epsilon(PHASES)));
    return new AccountingFacts(PrivacySpend.of(PHASES, DELTA, Neighbouring.ADD_REMOVE), growth, "3f9a".repeat(16),
        intact ? new LedgerCheck(true, OptionalInt.empty(), false, "unsigned: detects accidents, not adversaries")
            : new LedgerCheck(false, OptionalInt.of(1), false, "entry 1 was changed"));
  }

  private static double epsilon(List<Phase> phases) {
    return PldAccountant.create().epsilon(phases, DELTA);
  }

  private static List<DataTouch> touches() {
    return List.of(new DataTouch("popularity of items", "charged", "counts with noise"),
        new DataTouch("item-item matrix", "charged", "with noise, then made positive semi-definite"),
        new DataTouch("search index of items", "post-processing", "made of released weights and public texts"),
        new DataTouch("early stopping", "off", "a fixed number of steps"),
        new DataTouch("choice of settings", "off", "defaults found on public data"),
        new DataTouch("split into training and test", "uncharged", "by each person's own coin; reads nobody else"));
  }

  private static UtilityFacts utility() {
    return new UtilityFacts("ndcg@20", 18_112,
        List.of(new UtilityFacts.Row("private", 1.1, 0.0612, 0.0588, 0.0637, 3),
            new UtilityFacts.Row("clip-only", null, 0.0689, 0.0664, 0.0714, 3),
            new UtilityFacts.Row("non-private", null, 0.0911, 0.0883, 0.0940, 3)),
        List.of(new UtilityFacts.Slice("popular items", "private", 0.112, 6100),
            new UtilityFacts.Slice("popular items", "non-private", 0.131, 6100),
            new UtilityFacts.Slice("middling items", "private", 0.046, 7400),
            new UtilityFacts.Slice("middling items", "non-private", 0.083, 7400),
            new UtilityFacts.Slice("rare items", "private", 0.004, 4612),
            new UtilityFacts.Slice("rare items", "non-private", 0.052, 4612)),
        List.of(new Point(0.5, 0.041), new Point(1, 0.0605), new Point(2, 0.0688), new Point(4, 0.0755),
            new Point(8, 0.0792)));
  }

  private static String gradient() {
    return "The part of each release that a canary's own direction takes, summed over releases with log-likelihood-ratio weights.";
  }

  private static CanaryEvidence.Run twin() {
    return new CanaryEvidence.Run(1000, 400, 399, DELTA, .999, 4.21, 4.4, 4.67);
  }

  static Evidence evidence() {
    return new Evidence(
        List.of(
            new CanaryEvidence("black-box",
                "What is left of popularity counts at a canary's items once all real people are taken off, and how well the model foretells one item from the other.",
                new CanaryEvidence.Run(1000, 400, 203, DELTA, .999, 0, 0, 4.67),
                new CanaryEvidence.Run(1000, 400, 391, DELTA, .999, 3.02, 3.2, 4.67),
                membership("black-box", "canary", 0.505)),
            new CanaryEvidence("gradient-space", gradient(),
                new CanaryEvidence.Run(1000, 400, 243, DELTA, .999, 0.12, 0.19, 4.67), twin(),
                membership("gradient-space", "canary", 0.551))),
        List.of(membership("loss threshold", "user", 0.507), membership("LiRA", "user", 0.521),
            membership("loss threshold", "record", 0.503)),
        allowed(), PROFILE.tradeOff().maxAuc(),
        List.of("LiRA on records: shadow models were trained on people, not on records; add --shadows."));
  }

  private static MembershipEvidence membership(String attack, String unit, double auc) {
    List<Point> roc = new ArrayList<>();
    // The curve tpr = fpr^p has the area 1/(1 + p).
    double power = 1 / auc - 1;
    roc.add(new Point(0, 0));
    for (int i = 0; i <= 40; i++) {
      double fpr = Math.pow(10, -3.3 + 3.3 * i / 40);
      roc.add(new Point(fpr, Math.pow(fpr, power)));
    }
    double at = Math.pow(0.01, power);
    boolean canaries = unit.equals("canary");
    return new MembershipEvidence(attack, unit, canaries ? 506 : 2000, canaries ? 494 : 1990, auc, auc - 0.028,
        auc + 0.028, .999,
        List.of(new MembershipEvidence.OperatingPoint(0.01, at, at * 0.7, at * 1.4)), roc);
  }

  private static List<Point> allowed() {
    TradeOff curve = PROFILE.tradeOff();
    List<Point> points = new ArrayList<>();
    for (int i = 0; i <= 60; i++) {
      double fpr = Math.pow(10, -4 + 4.0 * i / 60);
      points.add(new Point(fpr, curve.maxTruePositiveRate(fpr)));
    }
    return points;
  }

  private static AuditProvenance provenance() {
    return new AuditProvenance("demo shop <spring & summer>", "2026-11-20T09:12:44Z", "2026-11-22T14:00:00Z",
        Map.of("sfumato", "0.1.0", "java", "25", "os", "Linux amd64"),
        Map.of("seed", 17, "fusion", Map.of("kind", "gate", "dimensions", 128), "privacy",
            Map.of("epsilon", 2.0, "unit", "user", "maxPerUser", 50), "encoders", List.of("minilm", "mobilenet")),
        "9c41".repeat(16), List.of("The text encoder ran in bfloat16."));
  }
}
