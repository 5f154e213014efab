package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.multibindings.OptionalBinder;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.MemoryImage;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.evaluation.Evaluation;
import io.sfumato.recommend.evaluation.EvaluationResult;
import io.sfumato.recommend.evaluation.Metric;
import io.sfumato.recommend.collaborative.ItemModels;
import io.sfumato.recommend.retrieval.CandidateRetriever;
import io.sfumato.recommend.retrieval.ItemIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecommenderTest {
  private static MadeShop shop;

  @TempDir
  static Path written;

  @TempDir
  Path directory;

  private Path bundle;

  @BeforeAll
  static void write() {
    shop = MadeShop.create();
    shop.write(written.resolve("shop"));
  }

  @BeforeEach
  void copy() throws IOException {
    bundle = directory.resolve("shop");
    try (Stream<Path> files = Files.walk(written.resolve("shop"))) {
      for (Path file : files.toList()) {
        Files.copy(file, bundle.resolve(written.resolve("shop").relativize(file).toString()));
      }
    }
  }

  /** Opens the bundle with the made shop's encoder. */
  private Recommender open() {
    Bundle opened = Bundle.open(bundle);
    RecommenderModel model = RecommenderModel.load(opened);
    ItemIndex index = RecommenderParts.index(opened, model);
    return RecommenderParts.assemble(opened, model, index, new MadeEncoder(),
        RecommenderParts.retriever(index, model), ServingOptions.defaults());
  }

  private static final class MadeEncoder implements ContentEncoder {
    @Override
    public ItemVectors encode(Item item) {
      return shop.encode(item);
    }

    @Override
    public void close() {}
  }

  @Test
  void recommendsWhatAPersonLikesWithReasons() {
    try (Recommender recommender = Recommender.open(bundle)) {
      List<String> history = recommender.history("u-4");
      List<Recommendation> answer = recommender.recommend(Request.forUser("u-4").k(10).excludeSeen());
      assertThat(answer).hasSize(10);
      assertThat(answer).filteredOn(r -> r.title().contains("shoes")).hasSizeGreaterThanOrEqualTo(8);
      assertThat(answer).extracting(Recommendation::item).doesNotHaveDuplicates().doesNotContainAnyElementsOf(history);
      assertThat(answer).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
      for (Recommendation r : answer) {
        Shares s = r.shares();
        assertThat(s.text() + s.image() + s.collaborative() + s.popularity()).isCloseTo(1, offset(1e-9));
        assertThat(r.because()).hasSizeBetween(1, 3).allSatisfy(why -> {
          assertThat(history).contains(why.item());
          assertThat(why.title()).isNotEmpty();
          assertThat(why.weight()).isPositive();
        });
      }
      Recommendation best = answer.getFirst();
      assertThat(best.shares().text()).isPositive();
      assertThat(best.shares().image()).isPositive();
      assertThat(best.shares().collaborative()).isPositive();
      assertThat(best.because().getFirst().title()).contains("shoes");
    }
  }

  @Test
  void scoresAsTheEvaluationDoes() {
    RecommendationPipeline pipeline = shop.model.pipeline();
    int user = shop.split.dataset().interactions().userIndex("u-4");
    float[] scores = new float[MadeShop.ITEMS];
    new PipelineScorer("sfumato", pipeline, shop.split.dataset().interactions()).score(user, scores);
    try (Recommender recommender = Recommender.open(bundle)) {
      for (Recommendation r : recommender.recommend(Request.forUser("u-4").k(MadeShop.ITEMS).excludeSeen())) {
        assertThat(r.score()).isCloseTo(scores[shop.catalog.indexOf(r.item())], offset(1e-4)); // candidates in another order
      }
    }
  }

  @Test
  void beatsPopularityInTheEvaluation() {
    EvaluationResult result = Evaluation.of(shop.split)
        .k(10)
        .scorers(List.of(new PipelineScorer("sfumato", shop.model.pipeline(), shop.split.train()),
            ItemModels.scorer("popular", shop.model.models().get(1).model(), shop.split.train()::itemsOf)))
        .run();
    assertThat(result.mean("sfumato", Metric.NDCG, 10)).isGreaterThan(result.mean("popular", Metric.NDCG, 10));
  }

  @Test
  void filtersByAttributes() {
    try (Recommender recommender = Recommender.open(bundle)) {
      assertThat(recommender.recommend(Request.forUser("u-4").k(50).where("category", "bags").where("colour", "red")))
          .hasSize(10)
          .allMatch(r -> r.title().contains("bags") && number(r) % 3 == 0);
      assertThat(recommender.recommend(Request.forUser("u-4").k(100).whereAny("category", "bags", "hats")))
          .hasSize(60)
          .noneMatch(r -> r.title().contains("shoes"));
      assertThat(recommender.recommend(Request.forUser("u-4").where("category", "cars"))).isEmpty();
      assertThat(recommender.recommend(Request.forUser("u-4").k(120).exclude(List.of("item-0", "no-such-item"))))
          .hasSize(119)
          .noneMatch(r -> r.item().equals("item-0"));
      assertThatThrownBy(() -> recommender.recommend(Request.forUser("u-4").where("kategory", "bags")))
          .isInstanceOfSatisfying(RecommendException.class, e -> assertThat(e.code()).isEqualTo("UNKNOWN_ATTRIBUTE"))
          .hasMessageContaining("'kategory'")
          .hasMessageContaining("[category, colour]");
    }
  }

  private static int number(Recommendation r) {
    return Integer.parseInt(r.item().substring("item-".length()));
  }

  @Test
  void servesNewPeopleAtOnce() {
    try (Recommender recommender = Recommender.open(bundle)) {
      assertThat(recommender.knows("u-4")).isTrue();
      assertThat(recommender.knows("stranger")).isFalse();
      List<Recommendation> popular = recommender.recommend(Request.forUser("stranger").k(5));
      assertThat(popular).hasSize(5).allSatisfy(r -> {
        assertThat(r.because()).isEmpty();
        assertThat(r.shares().popularity()).isGreaterThan(0.99);
      });
      assertThat(popular).isEqualTo(recommender.recommend(Request.forHistory().k(5)));

      List<Recommendation> anonymous = recommender
          .recommend(Request.forHistory("item-2", "item-6", "item-10").k(5).excludeSeen());
      assertThat(anonymous).filteredOn(r -> r.title().contains("hats")).hasSizeGreaterThanOrEqualTo(4);
      assertThat(anonymous).noneMatch(r -> List.of("item-2", "item-6", "item-10").contains(r.item()));
      assertThatThrownBy(() -> recommender.recommend(Request.forHistory("item-2", "nope")))
          .isInstanceOfSatisfying(RecommendException.class, e -> assertThat(e.code()).isEqualTo("UNKNOWN_ITEM"))
          .hasMessageContaining("'nope'");
    }
  }

  @Test
  void followsFeedbackAtOnceAndKeepsIt() {
    List<Recommendation> after;
    try (Recommender recommender = Recommender.open(bundle)) {
      recommender.feedback("new-one", "item-3");
      recommender.feedback("new-one", "item-7", Instant.ofEpochSecond(1_700_000_000));
      assertThat(recommender.knows("new-one")).isTrue();
      assertThat(recommender.history("new-one")).containsExactly("item-3", "item-7");
      after = recommender.recommend(Request.forUser("new-one").k(6).excludeSeen());
      assertThat(after).filteredOn(r -> r.title().contains("lamps")).hasSizeGreaterThanOrEqualTo(5);

      List<String> before = recommender.history("u-4");
      recommender.feedback("u-4", before.getFirst());
      assertThat(recommender.history("u-4")).hasSameSizeAs(before).endsWith(before.getFirst());
      assertThatThrownBy(() -> recommender.feedback("u-4", "nope")).hasMessageContaining("no item 'nope'");
    }
    try (Recommender again = Recommender.open(bundle)) {
      assertThat(again.recommend(Request.forUser("new-one").k(6).excludeSeen())).isEqualTo(after);
    }
  }

  @Test
  void servesNewItemsByTheirContentAndKeepsThem() throws IOException {
    byte[] picture = "a picture".getBytes(StandardCharsets.UTF_8);
    Item fresh = new Item("fresh", "Brand new hats", "Velvet.", Map.of("category", "hats", "season", "winter"),
        new MemoryImage("fresh.png", picture));
    try (Recommender recommender = open()) {
      recommender.catalog().put(fresh);
      assertThat(recommender.catalog().size()).isEqualTo(MadeShop.ITEMS + 1);
      check(recommender, picture);
      assertThat(recommender.catalog().remove("item-2")).isTrue();
      assertThat(recommender.catalog().remove("item-2")).isFalse();
      // an item that is replaced keeps its place in histories
      recommender.catalog().put(new Item("item-6", "Now lamps", "", Map.of("category", "lamps"), null));
      checkChanges(recommender);
    }
    try (Recommender again = open()) {
      check(again, picture);
      checkChanges(again);
      again.catalog().put(shop.catalog.item(2));
      assertThat(again.catalog().item("item-2")).isNotNull();
      assertThat(again.recommend(Request.forHistory("item-6").where("category", "hats").k(120)))
          .anyMatch(r -> r.item().equals("item-2"));
    }
  }

  private static void check(Recommender recommender, byte[] picture) throws IOException {
    assertThat(Objects.requireNonNull(recommender.catalog().image("fresh")).read()).isEqualTo(picture);
    List<Recommendation> winter = recommender.recommend(Request.forUser("u-2").where("season", "winter"));
    assertThat(winter).singleElement().satisfies(r -> {
      assertThat(r.item()).isEqualTo("fresh");
      assertThat(r.shares().collaborative()).isZero();
    });
    assertThat(recommender.search("velvet")).first().satisfies(r -> assertThat(r.item()).isEqualTo("fresh"));
    recommender.feedback("fan", "fresh");
    assertThat(recommender.recommend(Request.forUser("fan").k(5))).filteredOn(r -> r.title().contains("hats"))
        .hasSizeGreaterThanOrEqualTo(4);
  }

  private static void checkChanges(Recommender recommender) {
    assertThat(recommender.catalog().item("item-2")).isNull();
    assertThat(recommender.recommend(Request.forUser("u-2").k(200))).hasSize(MadeShop.ITEMS)
        .noneMatch(r -> r.item().equals("item-2"));
    assertThat(recommender.recommend(Request.forUser("u-3").k(200).where("category", "lamps")))
        .anyMatch(r -> r.item().equals("item-6"));
    assertThat(recommender.search(SearchRequest.of("number 6").k(200).matchWordsOnly()))
        .noneMatch(r -> r.item().equals("item-6"));
  }

  @Test
  void searchesByWordsAndByMeaning() {
    try (Recommender recommender = open()) {
      List<Recommendation> found = recommender.search("nice lamps");
      assertThat(found).hasSize(10).allMatch(r -> r.title().contains("lamps"));
      assertThat(found).allSatisfy(r -> assertThat(r.shares().collaborative()).isZero());
      assertThat(recommender.search(SearchRequest.of("number 17").k(1).matchWordsOnly())).singleElement()
          .satisfies(r -> {
            assertThat(r.item()).isEqualTo("item-17");
            assertThat(r.shares().text()).isEqualTo(1);
          });
      assertThat(recommender.search(SearchRequest.of("lamps").where("category", "hats")))
          .allMatch(r -> r.title().contains("hats"));
    }
  }

  @Test
  void findsSimilarItems() {
    try (Recommender recommender = Recommender.open(bundle)) {
      List<Recommendation> alike = recommender.similar("item-5", 7);
      assertThat(alike).hasSize(7).allMatch(r -> r.title().contains("bags")).noneMatch(r -> r.item().equals("item-5"));
      assertThat(alike.getFirst().score()).isBetween(0.5, 1.0);
      assertThatThrownBy(() -> recommender.similar("nope")).hasMessageContaining("no item 'nope'");
    }
  }

  @Test
  void answersAlikeInManyThreads() throws InterruptedException, ExecutionException {
    try (Recommender recommender = Recommender.open(bundle);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Request> requests = IntStream.range(0, MadeShop.USERS)
          .mapToObj(user -> Request.forUser("u-" + user).k(5).excludeSeen())
          .toList();
      List<List<Recommendation>> expected = requests.stream().map(recommender::recommend).toList();
      List<Callable<List<List<Recommendation>>>> tasks = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        tasks.add(() -> requests.stream().map(recommender::recommend).toList());
      }
      for (Future<List<List<Recommendation>>> answers : threads.invokeAll(tasks)) {
        assertThat(answers.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void leavesNothingOpen() throws IOException {
    for (int i = 0; i < 20; i++) {
      try (Recommender recommender = Recommender.open(bundle)) {
        recommender.feedback("u-1", "item-1");
        assertThat(recommender.recommend(Request.forUser("u-1").k(3))).hasSize(3);
      }
    }
    Path descriptors = Path.of("/proc/self/fd");
    if (Files.isDirectory(descriptors)) {
      try (Stream<Path> open = Files.list(descriptors)) {
        assertThat(open.filter(fd -> leadsTo(fd, bundle))).isEmpty();
      }
      try (Stream<String> mapped = Files.lines(Path.of("/proc/self/maps"))) {
        assertThat(mapped.filter(line -> line.contains(bundle + "/model/index"))).isEmpty();
      }
    }
    Recommender closed = Recommender.open(bundle);
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.recommend(Request.forUser("u-1")))
        .isInstanceOfSatisfying(RecommendException.class, e -> assertThat(e.code()).isEqualTo("CLOSED"));
  }

  private static boolean leadsTo(Path descriptor, Path bundle) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(bundle);
    } catch (IOException e) { // closed since it was listed
      return false;
    }
  }

  @Test
  void letsOneProgramWriteAndManyRead() {
    try (Recommender first = Recommender.open(bundle); Recommender second = Recommender.open(bundle)) {
      first.feedback("u-1", "item-9");
      assertThatThrownBy(() -> second.feedback("u-1", "item-9"))
          .isInstanceOfSatisfying(BundleException.class, e -> assertThat(e.code()).isEqualTo("IN_USE"));
      assertThat(second.recommend(Request.forUser("u-1").k(3))).hasSize(3);
    }
    try (Recommender third = Recommender.open(bundle)) {
      assertThat(third.history("u-1")).endsWith("item-9");
    }
  }

  @Test
  void takesAReplacedRetriever() {
    CandidateRetriever three = request -> new int[]{5, 6, 7};
    Injector injector = Guice.createInjector(new RecommendModule(bundle),
        binder -> OptionalBinder.newOptionalBinder(binder, CandidateRetriever.class).setBinding().toInstance(three));
    try (Recommender recommender = injector.getInstance(Recommender.class)) {
      assertThat(recommender.recommend(Request.forUser("u-1"))).extracting(Recommendation::item)
          .containsExactlyInAnyOrder("item-5", "item-6", "item-7");
      assertThat(injector.getInstance(Recommender.class)).isSameAs(recommender);
    }
    try (Recommender recommender = Guice.createInjector(new RecommendModule(bundle)).getInstance(Recommender.class);
        Recommender plain = Recommender.open(bundle)) {
      assertThat(recommender.recommend(Request.forUser("u-1")))
          .isEqualTo(plain.recommend(Request.forUser("u-1")));
    }
  }

  @Test
  void rejectsRequestsAtTheCall() {
    assertThatThrownBy(() -> Request.forUser("u").k(0)).hasMessage("k must be in [1, 10000] but was 0");
    assertThatThrownBy(() -> SearchRequest.of("  ")).hasMessageContaining("needs words");
    assertThatThrownBy(() -> new Shares(0.5, 0.5, 0.5, 0)).hasMessageContaining("sum to 1");
    assertThat(Shares.of(1, -2, 3, Double.NaN)).isEqualTo(new Shares(0.25, 0, 0.75, 0));
    assertThat(Shares.of(0, 0, 0, 0)).isEqualTo(new Shares(0.25, 0.25, 0.25, 0.25));
  }
}
