package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.encoders.Progress;
import io.sfumato.recommend.RequestObserver.Operation;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.retrieval.Filter;
import io.sfumato.recommend.retrieval.ItemIndex;
import io.sfumato.recommend.retrieval.MergedRetriever;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many requests: at once, for everyone, and observed. */
class RequestsTest {
  private static final int CLIENTS = 8;
  private static final int ROUNDS = 4;

  @TempDir
  Path directory;

  private Path bundle;

  @BeforeEach
  void write() {
    bundle = directory.resolve("shop");
    MadeShop.create().write(bundle);
  }

  /** Ranks candidates of several sources, as a large catalogue would be served. */
  private Recommender openAsLarge() {
    Bundle opened = Bundle.open(bundle);
    RecommenderModel model = RecommenderModel.load(opened);
    ItemIndex index = RecommenderParts.index(opened, model);
    MergedRetriever retriever = new MergedRetriever(index, model.models().stream().map(ModelSignal::model).toList(),
        10);
    return RecommenderParts.assemble(opened, model, index, new BundleEncoder(opened), retriever,
        ServingOptions.defaults());
  }

  private static Request request(int user) {
    return Request.forUser("u-" + user).k(7).excludeSeen();
  }

  @Test
  void manyClientsGetWhatOneGets() throws Exception {
    try (Recommender recommender = openAsLarge(); ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<List<Recommendation>> alone = IntStream.range(0, MadeShop.USERS)
          .mapToObj(user -> recommender.recommend(request(user)))
          .toList();
      assertThat(alone).allSatisfy(answer -> assertThat(answer).hasSize(7));
      List<Callable<List<List<Recommendation>>>> tasks = Collections.nCopies(CLIENTS * ROUNDS,
          () -> IntStream.range(0, MadeShop.USERS).mapToObj(user -> recommender.recommend(request(user))).toList());
      for (Future<List<List<Recommendation>>> answers : clients.invokeAll(tasks)) {
        assertThat(answers.get()).isEqualTo(alone);
      }
    }
    try (Recommender again = openAsLarge()) {
      assertThat(again.recommend(request(3))).hasSize(7);
    }
  }

  @Test
  void aReopenedRecommenderAnswersAlike() {
    List<Recommendation> before;
    try (Recommender recommender = openAsLarge()) {
      for (int n = 0; n < 600; n++) { // compiled by now
        recommender.recommend(request(n % MadeShop.USERS));
      }
      before = recommender.recommend(request(5));
    }
    try (Recommender again = openAsLarge()) {
      assertThat(again.recommend(request(5))).isEqualTo(before);
    }
  }

  @Test
  void everyoneIsAnsweredInOrderWithTheirOwnAnswer() {
    try (Recommender recommender = Recommender.open(bundle)) {
      recommender.feedback("zoe", "item-8");
      recommender.feedback("ann", "item-4");
      List<String> users = recommender.users();
      assertThat(users).hasSize(MadeShop.USERS + 2).startsWith("u-0", "u-1").endsWith("ann", "zoe");
      List<BatchAnswer> answers = new ArrayList<>();
      Thread caller = Thread.currentThread();
      recommender.recommendAll(users, Request.forHistory().k(3).where("category", "bags").excludeSeen(), answer -> {
        assertThat(Thread.currentThread()).isSameAs(caller);
        answers.add(answer);
      }, Progress.silent());
      assertThat(answers.stream().map(BatchAnswer::user)).isEqualTo(users);
      for (BatchAnswer answer : answers) {
        assertThat(answer.recommendations()).hasSize(3)
            .isEqualTo(recommender.recommend(
                Request.forUser(answer.user()).k(3).where("category", "bags").excludeSeen()));
      }
      recommender.recommendAll(List.of(), Request.forHistory(), answer -> answers.clear(), Progress.silent());
      assertThat(answers).hasSize(users.size());
    }
  }

  @Test
  void everyOperationIsObserved() {
    List<String> seen = new ArrayList<>();
    RequestObserver observer = (operation, nanos, failure) -> {
      assertThat(nanos).isNotNegative();
      seen.add(failure == null ? operation.name() : operation + " " + failure.getClass().getSimpleName());
    };
    try (Recommender recommender = Recommender.open(bundle, ServingOptions.defaults().observer(observer))) {
      recommender.recommend(Request.forUser("u-1"));
      recommender.search(new SearchRequest("shoes", 5, Filter.ALL, true));
      recommender.similar("item-1");
      recommender.feedback("u-1", "item-2");
      recommender.catalog().remove("item-3");
      assertThat(seen).isEqualTo(List.of("RECOMMEND", "SEARCH", "SIMILAR", "FEEDBACK", "REMOVE"));
      seen.clear();
      assertThatThrownBy(() -> recommender.similar("nothing")).isInstanceOf(RecommendException.class);
      assertThatThrownBy(() -> recommender.recommend(Request.forUser("u-1").where("no such", "attribute")))
          .isInstanceOf(RecommendException.class);
      assertThat(seen).isEqualTo(List.of(Operation.SIMILAR + " RecommendException", Operation.RECOMMEND
          + " RecommendException"));
    }
  }
}
