package io.sfumato.recommend.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.read.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportBuilderTest {
  private static final int USERS = 40;
  private static final int ITEMS = 30;
  private static final Split SPLIT = Made.random(new SplittableRandom(3), USERS, ITEMS);

  /** A good system knows the test items, a bad one draws. */
  private static EvaluationResult run(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] good = Made.normal(random, USERS, ITEMS);
    for (int row = 0; row < SPLIT.test().size(); row++) {
      good[SPLIT.test().user(row)][SPLIT.test().item(row)] += 1.5f;
    }
    return Evaluation.of(SPLIT)
        .k(5, 10)
        .scorer(Made.scorer("good", good))
        .scorer(Made.scorer("bad", Made.normal(random, USERS, ITEMS)))
        .scorer(Made.scorer("same", good))
        .run();
  }

  private static EvaluationReport report() {
    return ReportBuilder.of(SPLIT, SeededResult.of(List.of(run(1), run(2)), List.of(11L, 12L)))
        .subject("good")
        .about("bad", "draws")
        .resamples(500)
        .permutations(2000)
        .vectors(Made.normal(new SplittableRandom(5), ITEMS, 4))
        .facts(new ModelFacts(Map.of("fusion weight", 0.25), List.of(new ModelFacts.Curve("sweep", "a",
            "ndcg@10", List.of(new ModelFacts.Series("fused", List.of(new ModelFacts.Point(0, 0.5))))))))
        .environment("version", "test")
        .build();
  }

  @Test
  void figuresAreMeansOverUsersAndSeeds() {
    EvaluationReport report = report();
    SystemReport.Figure figure = report.system("good").figure(Metric.NDCG, 10);
    double first = run(1).mean("good", Metric.NDCG, 10);
    double second = run(2).mean("good", Metric.NDCG, 10);
    assertThat(figure.seeds()).containsExactly(first, second);
    assertThat(figure.mean()).isCloseTo((first + second) / 2, within(1e-12));
    assertThat(figure.sd()).isCloseTo(Math.abs(first - second) / Math.sqrt(2), within(1e-12));
    Interval interval = Objects.requireNonNull(figure.interval());
    assertThat(figure.mean()).isBetween(interval.low(), interval.high());
    assertThat(report.setup().k()).isEqualTo(10); // the largest, as 20 was not measured
    assertThatThrownBy(() -> report.system("good").figure(Metric.AUC, 10)).hasMessageContaining("was not measured");
    assertThatThrownBy(() -> report.system("nobody")).hasMessageContaining("[good, bad, same]");
  }

  @Test
  void theSubjectIsTestedAgainstEveryOther() {
    EvaluationReport report = report();
    List<PairedTest> at = report.tests()
        .stream()
        .filter(t -> t.metric() == Metric.NDCG && t.k() == 10)
        .toList();
    assertThat(at).extracting(PairedTest::other).containsExactly("bad", "same");
    assertThat(at.get(0).difference()).isCloseTo(report.system("good").figure(Metric.NDCG, 10).mean()
        - report.system("bad").figure(Metric.NDCG, 10).mean(), within(1e-12));
    assertThat(at.get(0).p()).isLessThan(0.001);
    assertThat(at.get(0).holm()).isEqualTo(2 * at.get(0).p());
    assertThat(at.get(0).interval().low()).isPositive();
    assertThat(at.get(1).p()).isEqualTo(1);
    // six metrics at 10 and NDCG at 5, two others each
    assertThat(report.tests()).hasSize(14);
  }

  @Test
  void examplesAreAtTheQuartiles() {
    List<EvaluationReport.Example> examples = report().examples();
    assertThat(examples).hasSize(5).extracting(EvaluationReport.Example::value).isSorted();
    assertThat(examples.get(2).why()).isEqualTo("median of ndcg@10");
    double[] values = run(1).perUser("good", Metric.NDCG, 10);
    assertThat(examples.get(4).value()).isEqualTo(Arrays.stream(values).max().orElseThrow());
    EvaluationReport.Example best = examples.get(4);
    long hits = best.list().stream().filter(EvaluationReport.Ranked::hit).count();
    assertThat(hits + best.missed().size()).isEqualTo(best.relevant());
    int user = SPLIT.train().userIndex(best.user());
    List<String> history = new ArrayList<>();
    for (int row = SPLIT.train().end(user) - 1; row >= SPLIT.train().start(user); row--) {
      history.add(SPLIT.dataset().catalog().id(SPLIT.train().item(row)));
    }
    assertThat(best.history()).isEqualTo(history.stream().limit(ReportBuilder.SHOWN).toList());
  }

  @Test
  void theMapIsJson() throws JsonProcessingException {
    JsonMapper json = JsonMapper.builder().build();
    JsonNode node = json.readTree(json.writeValueAsString(report().toMap()));
    assertThat(node.get("format").asInt()).isEqualTo(1);
    assertThat(node.at("/models/good/ndcg").asDouble()).isEqualTo(node.at("/systems/good/metrics/ndcg/10/mean")
        .asDouble())
        .isPositive();
    assertThat(node.at("/systems/good/metrics/recall/5/low").asDouble()).isLessThan(node.at(
        "/systems/good/metrics/recall/5/high").asDouble());
    assertThat(node.at("/systems/bad/about").asText()).isEqualTo("draws");
    assertThat(node.at("/systems/bad/beyond/10/diversity_by_vectors").isNumber()).isTrue();
    assertThat(node.at("/systems/bad/slices/0/metrics/ndcg/5").isNumber()).isTrue();
    assertThat(node.at("/tests/0/p_holm").isNumber()).isTrue();
    assertThat(node.at("/facts/values/fusion weight").asDouble()).isEqualTo(0.25);
    assertThat(node.at("/facts/curves/0/series/fused/0/1").asDouble()).isEqualTo(0.5);
    assertThat(node.at("/environment/version").asText()).isEqualTo("test");
    assertThat(node.at("/data/train").asInt()).isEqualTo(SPLIT.train().size());
  }

  @Test
  void runsMustBeOfTheSameUsersAndCuts() {
    EvaluationResult other = Evaluation.of(SPLIT).k(5).scorer(Made.scorer("good", new float[ITEMS])).run();
    assertThatThrownBy(() -> SeededResult.of(List.of(run(1), other))).hasMessageContaining("[5, 10]");
    assertThatThrownBy(() -> SeededResult.of(List.of())).hasMessageContaining("at least one run");
    assertThatThrownBy(() -> SeededResult.of(List.of(run(1), run(2)), List.of(1L, 1L))).hasMessageContaining(
        "a seed of its own");
  }

  @Test
  void nobodyToMeasureIsAnEmptyReport() {
    Split none = Made.split(Made.catalog(3), "a 0 train", "b 1 train");
    EvaluationResult result = Evaluation.of(none).scorer(Made.scorer("s", new float[3])).run();
    EvaluationReport report = ReportBuilder.of(none, SeededResult.of(List.of(result))).subject("s").build();
    assertThat(report.system("s").figure(Metric.NDCG, 20).mean()).isZero();
    assertThat(report.system("s").figure(Metric.NDCG, 20).interval()).isNull();
    assertThat(report.examples()).isEmpty();
  }

  @Test
  void listsSurviveARunFile(@TempDir Path folder) {
    EvaluationResult result = run(1);
    for (String name : List.of("run.csv", "run.parquet")) {
      RunFileWriter.write(result, "good", SPLIT.dataset().catalog(), folder.resolve(name));
      RunFileScorer again = RunFileScorer.read("again", folder.resolve(name), SPLIT.train(), SPLIT.dataset().catalog());
      EvaluationResult measured = Evaluation.of(SPLIT).k(5, 10).scorer(again).run();
      assertThat(measured.means("again", 10)).isEqualTo(result.means("good", 10));
      assertThat(again.unknownRows()).isZero();
      assertThat(again.listedUsers()).isEqualTo(result.userCount());
    }
  }

  @Test
  void everyUserStandsInTheFile(@TempDir Path folder) throws IOException {
    SeededResult result = SeededResult.of(List.of(run(1), run(2)), List.of(11L, 12L));
    PerUserFile.write(result, folder.resolve("per-user.csv"));
    List<String> lines = Files.readAllLines(folder.resolve("per-user.csv"));
    assertThat(lines.getFirst()).isEqualTo("user_id,system,seed,k,recall,ndcg,precision,map,mrr,hit_rate");
    assertThat(lines).hasSize(1 + 2 * 3 * 2 * result.first().userCount());
    String[] cells = lines.get(1).split(",", -1);
    assertThat(List.of(cells).subList(1, 4)).containsExactly("good", "11", "5");
    assertThat(Double.parseDouble(cells[5])).isEqualTo(result.first().perUser("good", Metric.NDCG, 5)[0]);
  }

  @Test
  void anItemTwiceInAListIsRefused(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("twice.csv"), "user_id,item_id,rank\nu0,i1,1\nu0,i2,2\nu0,i1,3\n");
    assertThatThrownBy(() -> RunFileScorer.read("peer", file, SPLIT.train(), SPLIT.dataset().catalog()))
        .hasMessageContaining("gives item 'i1' twice to user 'u0'");
    List<Double> values = new ArrayList<>();
    RunFile.read(file, (user, item, value) -> values.add(value));
    assertThat(values).containsExactly(-1.0, -2.0, -3.0);
  }
}
