package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.MechanismFacts;
import io.sfumato.privacy.audit.MechanismFacts.NoisyRelease;
import io.sfumato.privacy.audit.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Part 2: how the promise is kept. */
record MechanismPart(MechanismFacts facts, boolean internal) {

  Table releases() {
    List<Table.Column> columns = new ArrayList<>(
        List.of(Table.Column.text("Released"), Table.Column.number("Noise multiplier σ"),
            Table.Column.number("Sampling rate q"), Table.Column.number("Times"), Table.Column.number("Sensitivity D"),
            Table.Column.number("Noise deviation σ·D")));
    boolean measured = internal && facts.releases().stream().anyMatch(release -> release.measuredDeviation() != null);
    if (measured) {
      columns.add(new Table.Column("Measured deviation", true, true));
    }
    List<List<String>> rows = new ArrayList<>();
    for (NoisyRelease release : facts.releases()) {
      List<String> row = new ArrayList<>(List.of(release.what(), Words.figure(release.sigma()),
          Words.figure(release.samplingRate()), Words.count(release.steps()), Words.figure(release.sensitivity()),
          Words.figure(release.noiseDeviation())));
      if (measured) {
        row.add(Words.figure(release.measuredDeviation()));
      }
      rows.add(row);
    }
    return new Table("Every noisy release, in the order of the ledger", columns, rows);
  }

  Table settings() {
    return new Table("How noise is made",
        List.of(Table.Column.text("What"), Table.Column.text("How")),
        List.of(List.of("Clipping", facts.clipping()),
            List.of("Sums are divided by",
                facts.denominator() == null ? "not known" : Words.figure(facts.denominator()) + ", a constant"),
            List.of("Sampling", facts.sampler()), List.of("Generator of the noise", facts.generator()),
            List.of("Checked before the first step", facts.validator())));
  }

  /** How many units steps had; null where that was not kept. */
  @Nullable
  Figure batches() {
    if (!internal || facts.batchSizes().size() < 2) {
      return null;
    }
    int from = facts.batchSizes().firstKey();
    int to = facts.batchSizes().lastKey();
    int width = Math.max(1, Math.ceilDiv(to - from + 1, 24));
    long[] bins = new long[(to - from) / width + 1];
    long steps = 0;
    double sum = 0;
    for (Map.Entry<Integer, Long> entry : facts.batchSizes().entrySet()) {
      bins[(entry.getKey() - from) / width] += entry.getValue();
      steps += entry.getValue();
      sum += (double) entry.getKey() * entry.getValue();
    }
    double squares = 0;
    for (Map.Entry<Integer, Long> entry : facts.batchSizes().entrySet()) {
      squares += entry.getValue() * Math.pow(entry.getKey() - sum / steps, 2);
    }
    List<Point> points = new ArrayList<>();
    long most = 0;
    for (int i = 0; i < bins.length; i++) {
      points.add(new Point(from + (i + 0.5) * width - 0.5, bins[i]));
      most = Math.max(most, bins[i]);
    }
    Chart chart = new Chart(
        new Chart.Axis("units in a step", from - width, from + bins.length * (double) width, false),
        new Chart.Axis("steps", 0, most * 1.08, false), List.of(new Chart.Curve("", Tone.CLAIM, "solid", points)),
        true);
    return Figure.of("batches", "How many units took part in a step",
        "A histogram of %s steps with %s to %s units, %s on average, with a standard deviation of %s.".formatted(
            Words.count(steps), Words.count(from), Words.count(to), Words.figure(sum / steps),
            Words.figure(Math.sqrt(squares / steps))),
        "Independent coins give sizes that scatter: mean %s, standard deviation %s. A constant size would mean that batches were not drawn as the accountant assumes."
            .formatted(Words.figure(sum / steps), Words.figure(Math.sqrt(squares / steps))),
        chart, true);
  }
}
