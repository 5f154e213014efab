package io.sfumato.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** ROC curves, their operating points and exact intervals. */
class RocTest {

  /** Others 1…100, members 91…110 by ones: at 10 % the threshold is 90, above which are all members but none is lost; at 1 % it is 99, above which are 100…110, 11 of 20. */
  @Test
  void byHand() {
    double[] others = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();
    double[] members = IntStream.rangeClosed(91, 110).asDoubleStream().toArray();
    Roc roc = new Roc(members, others);
    assertThat(roc.at(0.1).tpr()).isEqualTo(1);
    assertThat(roc.at(0.01).tpr()).isEqualTo(11 / 20.0);
    assertThat(roc.at(0).tpr()).isEqualTo(10 / 20.0);
    assertThat(roc.at(1).tpr()).isEqualTo(1);
    assertThat(roc.operatingPoints()).as("100 others tell of 10 % alone")
        .extracting(MembershipEvidence.OperatingPoint::fpr)
        .containsExactly(0.1);
    assertThat(roc.thinned().getFirst()).isEqualTo(new Point(0, 0.5));
    assertThat(roc.thinned().getLast()).isEqualTo(new Point(1, 1));
  }

  /** 1,000 others tell of 1 %, 10,000 of 0.1 %; one less does not. */
  @Test
  void ratesNeedOthers() {
    double[] members = {1};
    assertThat(new Roc(members, new double[1000]).operatingPoints()).hasSize(2);
    assertThat(new Roc(members, new double[999]).operatingPoints()).hasSize(1);
    assertThat(new Roc(members, new double[10_000]).operatingPoints()).hasSize(3);
    assertThat(new Roc(members, new double[99]).operatingPoints()).isEmpty();
  }

  /** Equal scores tell nothing: a member is above an other only where its score is. */
  @Test
  void tiesTellNothing() {
    Roc roc = new Roc(new double[50], new double[200]);
    assertThat(roc.at(0.1).tpr()).isZero();
    assertThat(roc.thinned()).containsExactly(new Point(0, 0), new Point(1, 1));
    assertThatThrownBy(() -> new Roc(new double[]{Double.NaN}, new double[]{1})).hasMessageContaining("member 0");
    assertThatThrownBy(() -> new Roc(new double[0], new double[]{1})).hasMessageContaining("0 and 1");
  }

  @Property(tries = 100, seed = "1")
  void thinnedCurvesRiseFromEndToEnd(@ForAll @IntRange(min = 1, max = 5000) int members,
      @ForAll @IntRange(min = 1, max = 5000) int others, @ForAll @IntRange(min = 0, max = 3) int digits) {
    Random random = new Random(members + 7L * others);
    double grid = Math.pow(10, digits);
    double[] in = random.doubles(members).map(x -> Math.rint(grid * (x + random.nextDouble()))).toArray();
    double[] out = random.doubles(others).map(x -> Math.rint(grid * x)).toArray();
    Roc roc = new Roc(in, out);
    List<Point> points = roc.thinned();
    assertThat(points).hasSizeLessThan(450);
    assertThat(points.getFirst().x()).isZero();
    assertThat(points.getLast()).isEqualTo(new Point(1, 1));
    for (int i = 1; i < points.size(); i++) {
      assertThat(points.get(i).x()).isGreaterThan(points.get(i - 1).x());
      assertThat(points.get(i).y()).isGreaterThanOrEqualTo(points.get(i - 1).y());
    }
  }

  /** A limit of k successes of n is where k or fewer, or more, have the probability that is left: both against sums of binomial terms. */
  @Test
  void exactLimits() {
    assertThat(ClopperPearson.lower(0, 10, 0.95)).isZero();
    assertThat(ClopperPearson.upper(10, 10, 0.95)).isEqualTo(1);
    assertThat(ClopperPearson.upper(0, 10, 0.95)).isCloseTo(1 - Math.pow(0.05, 0.1), within(1e-12));
    assertThat(ClopperPearson.lower(10, 10, 0.95)).isCloseTo(Math.pow(0.05, 0.1), within(1e-12));
    double p = ClopperPearson.upper(1, 5, 0.9);
    assertThat(Math.pow(1 - p, 5) + 5 * p * Math.pow(1 - p, 4)).isCloseTo(0.1, within(1e-9));
    assertThat(ClopperPearson.interval(1, 5, 0.8).high()).isCloseTo(p, within(1e-12));
    assertThatThrownBy(() -> ClopperPearson.lower(3, 2, 0.95)).hasMessageContaining("2 and 3");
    assertThatThrownBy(() -> ClopperPearson.lower(0, 0, 0.95)).hasMessageContaining("trial");
  }
}
