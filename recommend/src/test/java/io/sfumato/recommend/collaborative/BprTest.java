package io.sfumato.recommend.collaborative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.split.Fractions;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.evaluation.Evaluation;
import io.sfumato.recommend.evaluation.EvaluationResult;
import io.sfumato.recommend.evaluation.Metric;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BprTest {
  private static final int ITEMS = 60;
  private static final Bpr.Options SMALL = new Bpr.Options(8, 60, 0.05, 0.01, 3);

  private final Split split = Splitter.random(new Fractions(0.7, 0.15, 0.15), 5).split(halves());

  /** People of two kinds; each takes 12 items of the half of the catalogue that the kind likes. */
  private static Dataset halves() {
    Catalog catalog = Catalog
        .of(IntStream.range(0, ITEMS).mapToObj(i -> new Item("i" + i, "", "", Map.of(), null)).toList());
    Interactions.Builder rows = Interactions.builder(catalog);
    SplittableRandom random = new SplittableRandom(1);
    for (int user = 0; user < 80; user++) {
      String id = "u" + user;
      int from = user % 2 * ITEMS / 2;
      random.ints(200, from, from + ITEMS / 2).distinct().limit(12).forEach(item -> rows.add(id, item, 1, 1));
    }
    return new Dataset("halves", catalog, rows.build(), DataReport.empty());
  }

  @Test
  void whatWasTakenIsAboveWhatWasNot() {
    Catalog catalog = Catalog.of(List.of(new Item("a", "", "", Map.of(), null), new Item("b", "", "", Map.of(), null)));
    Interactions one = Interactions.builder(catalog).add("u", 0, 1, 1).build();
    float[] scores = new float[2];
    Bpr.fit(one, SMALL).score(0, scores);
    assertThat(scores[0]).isGreaterThan(scores[1]);
  }

  @Test
  void learnsWhatPeopleOfAKindLike() {
    Bpr model = Bpr.fit(split.train(), SMALL);
    EvaluationResult result = Evaluation.of(split)
        .k(10)
        .scorers(List.of(model, ItemModels.scorer("popular", Popularity.fit(split.train()), split.train()::itemsOf)))
        .run();
    assertThat(result.mean("bpr", Metric.RECALL, 10)).isGreaterThan(1.3 * result.mean("popular", Metric.RECALL, 10));
  }

  @Test
  void theSameSeedIsTheSameModelAndAnotherAnother() {
    assertThat(scores(SMALL)).isEqualTo(scores(SMALL)).isNotEqualTo(scores(SMALL.withSeed(4)));
  }

  private float[] scores(Bpr.Options options) {
    float[] scores = new float[ITEMS];
    Bpr.fit(split.train(), options).score(7, scores);
    return scores;
  }

  @Test
  void choosesOnValidationAndStopsEarly() {
    List<Bpr.Options> grid = List.of(SMALL.withL2(20), SMALL.withEpochs(400));
    Bpr.Choice choice = Bpr.choose(split, grid, 1, Progress.silent());
    assertThat(choice.options().l2()).isEqualTo(SMALL.l2());
    assertThat(choice.options().epochs()).isLessThan(400).isPositive();
    assertThat(choice.trials()).hasSize(2).allSatisfy((name, ndcg) -> assertThat(ndcg).isBetween(0.0, 1.0));
  }

  @Test
  void someoneWhoTookEverythingTeachesNothing() {
    Catalog catalog = Catalog.of(List.of(new Item("a", "", "", Map.of(), null)));
    Bpr model = Bpr.fit(Interactions.builder(catalog).add("u", 0, 1, 1).build(), SMALL);
    float[] scores = new float[1];
    model.score(0, scores);
    assertThat(scores[0]).isFinite();
  }

  @Test
  void optionsOutOfRangeAreRefusedWithTheirValue() {
    assertThatThrownBy(() -> SMALL.withRate(0)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> SMALL.withEpochs(0)).hasMessageContaining("epochs");
  }
}
