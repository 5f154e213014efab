package io.sfumato.recommend.evaluation.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.recommend.evaluation.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Figures of a classifier: cases worked by hand, and a plain reference that counts example by example. */
class ClassificationReportTest {
  private static final List<String> ABC = List.of("a", "b", "c");

  /** An example of a true label that is given one label with the probability 0.8. */
  private static Judged judged(String truth, int answer) {
    double[] p = {0.1, 0.1, 0.1};
    p[answer] = 0.8;
    return new Judged(truth, p);
  }

  /**
   * Truth a a a b b c, answers a a b b c c. a: 2 of 2 answers right, 2 of 3 found. b: 1 of 2, 1 of 2. c: 1 of 2, 1 of 1. So precisions 1, 1/2, 1/2, recalls 2/3, 1/2, 1, F1 4/5, 1/2, 2/3.
   */
  @Test
  void figuresByHand() {
    ClassificationReport report = ClassificationReport.of(ABC, List.of(judged("a", 0), judged("a", 0), judged("a", 1),
        judged("b", 1), judged("b", 2), judged("c", 2)));
    assertThat(report.classes()).extracting(ClassFigures::precision).containsExactly(1.0, 0.5, 0.5);
    assertThat(report.classes()).extracting(ClassFigures::recall).containsExactly(2.0 / 3, 0.5, 1.0);
    assertThat(report.classes()).extracting(ClassFigures::support).containsExactly(3L, 2L, 1L);
    assertThat(report.classes().get(0).f1()).isCloseTo(0.8, within(1e-12));
    assertThat(report.accuracy()).isCloseTo(4.0 / 6, within(1e-12));
    assertThat(report.macro().precision()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(report.macro().recall()).isCloseTo((2.0 / 3 + 0.5 + 1) / 3, within(1e-12));
    assertThat(report.macro().f1()).isCloseTo((0.8 + 0.5 + 2.0 / 3) / 3, within(1e-12));
    assertThat(report.weighted().precision()).isCloseTo((3 * 1 + 2 * 0.5 + 0.5) / 6, within(1e-12));
    assertThat(report.weighted().f1()).isCloseTo((3 * 0.8 + 2 * 0.5 + 2.0 / 3) / 6, within(1e-12));
    assertThat(report.micro().f1()).isEqualTo(report.accuracy());
    // Four right answers of probability 0.8, two wrong ones whose truth has 0.1.
    assertThat(report.logLoss()).isCloseTo(-(4 * Math.log(0.8) + 2 * Math.log(0.1)) / 6, within(1e-12));
    // One bin: confidence 0.8, accuracy 2/3.
    assertThat(report.calibration().error()).isCloseTo(0.8 - 2.0 / 3, within(1e-12));
    assertThat(report.calibration().bins()).hasSize(1);
    assertThat(report.confusion().counts()).isDeepEqualTo(new long[][]{{2, 1, 0}, {0, 1, 1}, {0, 0, 1}});
    assertThat(report.confusion().mistakes(9)).extracting(Confusion.Mistake::truth).containsExactly("a", "b");
  }

  /** 8 of 10: centre (0.8 + z²/20)/(1 + z²/10) = 0.7168, half-width 0.2265 (Wilson 1927, z = 1.96). */
  @Test
  void wilsonByHand() {
    Interval interval = ClassificationReport.wilson(8, 10);
    assertThat(interval.low()).isCloseTo(0.49016, within(1e-5));
    assertThat(interval.high()).isCloseTo(0.94332, within(1e-5));
    assertThat(ClassificationReport.wilson(0, 5).low()).isZero();
    assertThat(ClassificationReport.wilson(5, 5).high()).isEqualTo(1);
    assertThat(ClassificationReport.wilson(0, 5).high()).isCloseTo(0.43448, within(1e-5));
  }

  /** Confidences 0.55 (wrong), 0.62 and 0.65 (one of two right) and 0.95 (right), bins of 1/15: |0 − 0.55|/4 + |1 − 1.27|/4 + |1 − 0.95|/4. */
  @Test
  void calibrationByHand() {
    ClassificationReport report = ClassificationReport.of(List.of("a", "b"),
        List.of(new Judged("b", new double[]{0.55, 0.45}), new Judged("a", new double[]{0.62, 0.38}),
            new Judged("b", new double[]{0.65, 0.35}), new Judged("b", new double[]{0.05, 0.95})));
    assertThat(report.calibration().bins()).hasSize(3);
    assertThat(report.calibration().error()).isCloseTo((0.55 + 0.27 + 0.05) / 4, within(1e-12));
  }

  @Test
  void aLabelThatTheClassifierDoesNotKnowIsAMistakeOfItsOwnClass() {
    ClassificationReport report = ClassificationReport.of(ABC,
        List.of(judged("a", 0), judged("z", 0), judged("z", 1), judged("y", 1)));
    assertThat(report.unseen()).containsExactly("y", "z");
    assertThat(report.accuracy()).isEqualTo(0.25);
    assertThat(report.confusion().labels()).containsExactly("a", "b", "c", "y", "z");
    assertThat(report.classes().getLast()).isEqualTo(new ClassFigures("z", 0, 0, 0, 2, 0));
    assertThat(report.logLoss()).isCloseTo(-Math.log(0.8), within(1e-12));
    // c neither occurs nor is said: it is no class of the macro average.
    assertThat(report.macro().recall()).isEqualTo(0.25);
  }

  @Test
  void withoutAnyKnownLabelThereIsNoLogLoss() {
    ClassificationReport report = ClassificationReport.of(ABC, List.of(judged("z", 0)));
    assertThat(report.logLoss()).isNaN();
    assertThat(report.toMap()).doesNotContainKey("log_loss");
  }

  @Test
  void whatIsNoMeasurementIsRefused() {
    assertThatThrownBy(() -> ClassificationReport.of(ABC, List.of())).hasMessageContaining("0 examples");
    assertThatThrownBy(() -> ClassificationReport.of(List.of("a", "a"), List.of(judged("a", 0))))
        .hasMessageContaining("labels that differ");
    assertThatThrownBy(() -> new Judged("a", new double[]{0.5, 0.6})).hasMessageContaining("sum to 1");
    assertThatThrownBy(() -> new Judged("a", new double[]{1.5, -0.5})).hasMessageContaining("not be negative");
    assertThatThrownBy(() -> ClassificationReport.of(List.of("a", "b"), List.of(judged("a", 0))))
        .hasMessageContaining("3 probabilities");
  }

  /** Every figure by its definition, counted anew for each class. */
  @Property(tries = 200, seed = "1")
  void equalsThePlainReference(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int classes,
      @ForAll @IntRange(min = 1, max = 60) int size) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> labels = new ArrayList<>();
    for (int k = 0; k < classes; k++) {
      labels.add("label " + k);
    }
    List<Judged> examples = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      double[] p = random.doubles(classes, 0.01, 1).toArray();
      double sum = Arrays.stream(p).sum();
      examples.add(new Judged(random.nextInt(10) == 0 ? "other" : labels.get(random.nextInt(classes)),
          Arrays.stream(p).map(x -> x / sum).toArray()));
    }
    ClassificationReport report = ClassificationReport.of(labels, examples);

    Set<String> occurring = new LinkedHashSet<>();
    examples.forEach(e -> {
      occurring.add(e.truth());
      occurring.add(labels.get(e.best()));
    });
    double macro = 0;
    double weighted = 0;
    for (String label : occurring) {
      double both = examples.stream().filter(e -> e.truth().equals(label) && is(labels, e, label)).count();
      double said = examples.stream().filter(e -> is(labels, e, label)).count();
      double have = examples.stream().filter(e -> e.truth().equals(label)).count();
      double f1 = both == 0 ? 0 : 2 * both / (said + have); // the Dice form of the harmonic mean
      ClassFigures figures = report.classes().stream().filter(c -> c.label().equals(label)).findFirst().orElseThrow();
      assertThat(figures.precision()).isCloseTo(said == 0 ? 0 : both / said, within(1e-12));
      assertThat(figures.recall()).isCloseTo(have == 0 ? 0 : both / have, within(1e-12));
      assertThat(figures.f1()).isCloseTo(f1, within(1e-12));
      macro += f1 / occurring.size();
      weighted += f1 * have / size;
    }
    assertThat(report.macro().f1()).isCloseTo(macro, within(1e-9));
    assertThat(report.weighted().f1()).isCloseTo(weighted, within(1e-9));
    assertThat(report.accuracy()).isCloseTo(
        (double) examples.stream().filter(e -> is(labels, e, e.truth())).count() / size, within(1e-12));
    assertThat(report.interval().low()).isLessThanOrEqualTo(report.accuracy());
    assertThat(report.interval().high()).isGreaterThanOrEqualTo(report.accuracy());
    assertThat(Arrays.stream(report.confusion().counts()).flatMapToLong(Arrays::stream).sum()).isEqualTo(size);
    assertThat(report.calibration().bins().stream().mapToLong(Calibration.Bin::count).sum()).isEqualTo(size);
  }

  private static boolean is(List<String> labels, Judged example, String label) {
    return labels.get(example.best()).equals(label);
  }
}
