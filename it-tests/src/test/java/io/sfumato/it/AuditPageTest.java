package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sfumato.privacy.accounting.LedgerCheck;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyProfile;
import io.sfumato.privacy.accounting.PrivacySpend;
import io.sfumato.privacy.accounting.PrivacyUnit;
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
import io.sfumato.privacy.report.AuditPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser looks at the page of an audit that has every plot, long names and long hashes. */
class AuditPageTest {
  private static final List<Integer> WIDTHS = List.of(390, 1200);
  private static final double DELTA = 1e-6;

  @Test
  void thePageIsQuietAndFitsEveryScreen(@TempDir Path directory) throws Exception {
    assumeTrue(Browser.isThere(), "skipped: there is no chromium on the PATH to look at the page with");
    Path page = directory.resolve("audit.html");
    AuditPage.write(report(), page, false);
    assertThat(Files.size(page)).isLessThan(2 << 20);
    for (int width : WIDTHS) {
      for (boolean dark : new boolean[]{false, true}) {
        Browser.Seen seen = Browser.read(page, width, dark);
        assertThat(seen.errors()).as("console at %d pixels", width).isEmpty();
        assertThat(seen.loaded()).containsExactly(page.toUri().toString());
        assertThat(seen.width()).as("no sideways scrolling of the page").isLessThanOrEqualTo(width);
      }
    }
  }

  private static AuditReport report() {
    List<Phase> phases = List.of(Phase.of(9, 1, 1), Phase.of(1.25, 0.02, 60));
    PrivacyProfile profile = PldAccountant.create().compose(phases);
    double epsilon = profile.epsilon(DELTA);
    var claim = new ClaimFacts(epsilon, 2, DELTA, PrivacyUnit.USER, Neighbouring.ADD_REMOVE, epsilon, null, 50, 20_000L,
        IntStream.range(0, 40).mapToObj(i -> new Point(i * 0.05, profile.delta(i * 0.05))).toList(),
        List.of("weights"), List.of("people"), List.of("the catalogue"));
    var sizes = new TreeMap<Integer, Long>(Map.of(380, 4L, 395, 20L, 402, 30L, 421, 6L));
    var mechanism = new MechanismFacts(
        List.of(new MechanismFacts.NoisyRelease("popularity counts", 9, 1, 1, 7.07, "at most 50 counts", 63.6, 63.9)),
        "flat", 400.0, "Poisson", "secure", "every layer has a rule", sizes);
    var accounting = new AccountingFacts(PrivacySpend.of(phases, DELTA, Neighbouring.ADD_REMOVE),
        List.of(new Point(0, 0), new Point(1, epsilon / 2), new Point(61, epsilon)), "3f9a".repeat(16),
        new LedgerCheck(true, OptionalInt.empty(), false, "unsigned: detects accidents, not adversaries"));
    var utility = new UtilityFacts("ndcg@20", 18_112,
        List.of(new UtilityFacts.Row("private", epsilon, 0.06, 0.05, 0.07, 3),
            new UtilityFacts.Row("non-private", null, 0.09, 0.08, 0.1, 3)),
        List.of(new UtilityFacts.Slice("rare items", "private", 0.004, 4612),
            new UtilityFacts.Slice("rare items", "non-private", 0.052, 4612)),
        List.of(new Point(0.5, 0.041), new Point(2, 0.0688), new Point(8, 0.0792)));
    var run = new CanaryEvidence.Run(1000, 400, 212, DELTA, .999, 0.02, 0.05, 4.67);
    List<Point> roc = IntStream.rangeClosed(0, 30)
        .mapToDouble(i -> Math.pow(10, -3 + i / 10.0))
        .mapToObj(x -> new Point(x, Math.pow(x, 0.97)))
        .toList();
    var evidence = new Evidence(
        List.of(new CanaryEvidence("gradient-space", "along a known direction", run,
            new CanaryEvidence.Run(1000, 400, 399, DELTA, .999, 4.21, 4.4, 4.67))),
        List.of(new MembershipEvidence("loss threshold", "user", 2000, 1990, 0.507, 0.48, 0.535, .999,
            List.of(new MembershipEvidence.OperatingPoint(0.01, 0.011, 0.008, 0.016)), roc)),
        roc, profile.tradeOff().maxAuc(), List.of("LiRA was left out: audit with --shadows 64."));
    var provenance = new AuditProvenance("a-model-with-a-name-that-has-no-place-to-break-".repeat(3),
        "2026-11-20T09:12:44Z",
        "2026-11-22T14:00:00Z", Map.of("os", "Linux amd64"), Map.of("training.settings.that.nest.deep", "x".repeat(90)),
        "9c41".repeat(16), List.of("none"));
    return new AuditReport(claim, mechanism, accounting, List.of(new DataTouch("popularity", "charged", "with noise")),
        utility, evidence, provenance,
        List.of(Finding.yellow("A_CODE_THAT_IS_LONGER_THAN_CODES_USUALLY_ARE", "found " + "7f".repeat(60), "sign it"),
            Finding.green("FINE", "fine")));
  }
}
