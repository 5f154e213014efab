package io.sfumato.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyUnit;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a claim allows an attack that ranks members among others. */
class AllowedRocTest {
  private static final AuditClaim CLAIM = AuditClaim.of(List.of(Phase.of(2, 1, 1)), 1e-5, PrivacyUnit.USER);

  /** Of a Gaussian with μ = ½ the area is Φ(μ/√2) in the limit of many others; with one other it is g(½) = Φ(μ). */
  @Test
  void fallsFromOneOtherToMany() {
    var highest = Objects.requireNonNull(AllowedRoc.ofMembers(CLAIM, "user"));
    assertThat(AllowedRoc.auc(highest, 1)).isCloseTo(0.69146, within(2e-3));
    assertThat(AllowedRoc.auc(highest, 10_000)).isCloseTo(0.63816, within(2e-3));
    assertThat(CLAIM.curve().maxAuc()).isCloseTo(AllowedRoc.auc(highest, 10_000), within(1e-3));
    double before = 1;
    for (int others : new int[]{1, 2, 5, 20, 100, 1000}) {
      double area = AllowedRoc.auc(highest, others);
      assertThat(area).isLessThan(before).isGreaterThan(CLAIM.curve().maxAuc());
      before = area;
    }
  }

  /** Why one other allows more: the two may point in opposite directions of one release, whose noise then tells them apart as if there were √2 times less of it. */
  @Test
  void twoUnitsInOneReleaseMayReachIt() {
    Random random = new Random(1);
    int trials = 20_000;
    int right = 0;
    for (int trial = 0; trial < trials; trial++) {
      right += 1 + 2 * random.nextGaussian() > 0 ? 1 : 0; // ⟨release, member⟩ > ⟨release, other⟩ with other = −member
    }
    double area = right / (double) trials;
    assertThat(area).isGreaterThan(CLAIM.curve().maxAuc() + 0.03);
    assertThat(area).isLessThan(AllowedRoc.auc(Objects.requireNonNull(AllowedRoc.ofMembers(CLAIM, "user")), 1) + 0.012);
  }

  /** A user's record more or less is two steps of μ = ½, which are one of μ = 1; where records are hidden in groups, that is what their claim says already. A claim for records says nothing of users. */
  @Test
  void aRecordOfAUserIsTwoSteps() {
    List<Phase> phases = List.of(Phase.of(2, 1, 1));
    AuditClaim records = AuditClaim.of(phases, 1e-5, PrivacyUnit.RECORD, Neighbouring.REPLACE);
    assertThat(records.epsilon()).isGreaterThan(1.9 * CLAIM.epsilon());
    for (AuditClaim claim : List.of(CLAIM, records)) {
      var record = Objects.requireNonNull(AllowedRoc.ofMembers(claim, "record"));
      assertThat(record.applyAsDouble(0.5)).isCloseTo(0.84134, within(3e-3));
      assertThat(record.applyAsDouble(1)).isEqualTo(1);
    }
    assertThat(AllowedRoc.ofCanaries(CLAIM).applyAsDouble(0.5)).isCloseTo(0.69146, within(2e-3));
    assertThat(AllowedRoc.ofMembers(records, "user")).isNull();
  }
}
