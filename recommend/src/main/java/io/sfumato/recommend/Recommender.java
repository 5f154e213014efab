package io.sfumato.recommend;

import io.sfumato.datasets.Item;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.RecommendationPipeline.Ranked;
import io.sfumato.recommend.RequestObserver.Operation;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.collaborative.ContentSpace;
import io.sfumato.recommend.retrieval.CandidateRequest;
import io.sfumato.recommend.retrieval.CandidateRetriever;
import io.sfumato.recommend.retrieval.CandidateRule;
import io.sfumato.recommend.retrieval.Filter;
import io.sfumato.recommend.retrieval.Hits;
import io.sfumato.recommend.retrieval.ItemIndex;
import io.sfumato.recommend.retrieval.SearchHits;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A trained recommender, opened from a bundle and embedded in a program.
 *
 * <pre>{@code
 * try (Recommender recommender = Recommender.open(Path.of("shop"))) {
 *   List<Recommendation> shoes = recommender.recommend(Request.forUser("u-7").k(10).where("category", "shoes").excludeSeen());
 *   List<Recommendation> found = recommender.search("red canvas sneaker");
 *   List<Recommendation> alike = recommender.similar("sku-42");
 *   recommender.feedback("u-7", "sku-42");                      // the next answer knows
 *   recommender.catalog().put(new Item("sku-99", "Canvas sneaker", "…", Map.of("category", "shoes"), null));
 * }
 * }</pre>
 *
 * <p>How a request is answered: the person's history becomes a user vector; the {@link CandidateRetriever} chooses candidates (in a catalogue of up to 20,000 items, all that are allowed); the
 * {@link RecommendationPipeline} ranks and explains them. Someone new, without a history, gets what is popular.
 *
 * <p>Opening and recommending are plain Java; the tensor engine starts (seconds, once) with the first {@link #search} by meaning or the first {@link LiveCatalog#put}.
 *
 * <p>Feedback and catalogue changes are on disk, in logs inside the bundle, when their methods return, and known to every answer that begins afterwards. One program at a time may change a bundle; any number may
 * read it, and know what was changed until they opened it.
 *
 * <p>Thread-safe: open one and share it. Whoever opens it closes it, when no request is running any more.
 */
public final class Recommender implements AutoCloseable {
  private static final int WARM_REQUESTS = 20;

  private final ServingOptions options;
  private final Observed observed;
  private final LiveState state;
  private final ItemIndex index;
  private final ContentEncoder encoder;
  private final CandidateRetriever retriever;
  private final RecommendationPipeline pipeline;
  private final LiveItems items;
  private final @Nullable ContentSpace space;

  /** Takes over index and encoder. */
  Recommender(Bundle bundle, RecommenderModel model, ItemIndex index, ContentEncoder encoder,
      CandidateRetriever retriever, ServingOptions options) {
    this.options = options;
    this.observed = new Observed(options.observer());
    this.index = index;
    this.encoder = encoder;
    this.retriever = retriever;
    this.space = model.content();
    this.items = new LiveItems(model.catalog(), model.vectors());
    this.pipeline = model.pipeline(items);
    this.state = new LiveState(bundle, model.catalog(), items, index, options);
  }

  /**
   * Opens and verifies a bundle and replays what came since it was written. Does not start the tensor engine.
   *
   * @throws io.sfumato.recommend.bundle.BundleException where the bundle is missing, damaged or of a newer format
   */
  public static Recommender open(Path bundle) {
    return open(bundle, ServingOptions.defaults());
  }

  /**
   * As {@link #open(Path)}, served as the options say.
   *
   * @throws io.sfumato.recommend.bundle.BundleException as {@link #open(Path)}
   */
  public static Recommender open(Path bundle, ServingOptions options) {
    return RecommenderParts.open(bundle, options);
  }

  /** How it is served. */
  public ServingOptions options() {
    return options;
  }

  /**
   * The best items for someone, the best first; fewer than asked for where fewer are allowed. A person who is not known is served as a new one; ask {@link #knows} where that should be an error.
   *
   * @throws RecommendException {@code UNKNOWN_ITEM} for an item of a given history that is not in the catalogue, {@code UNKNOWN_ATTRIBUTE} for a filter on an attribute that no item has
   */
  public List<Recommendation> recommend(Request request) {
    return observed.during(Operation.RECOMMEND, () -> answer(request));
  }

  /**
   * Recommends to many people, on all cores. The answers are those of {@link #recommend}, told in the order of the people on the calling thread; no more than a thousand are held at once.
   *
   * @param users ids; someone who is not known is served as a new person
   * @param template of each request, but for the person: k, filter, exclusions, moment
   * @param answers takes them, one after the other
   * @param progress counts people
   * @throws RecommendException as {@link #recommend}
   */
  public void recommendAll(Collection<String> users, Request template, Consumer<? super BatchAnswer> answers,
      Progress progress) {
    BatchRequests.run(users, user -> new BatchAnswer(user, recommend(template.user(user))), answers, progress);
  }

  private List<Recommendation> answer(Request request) {
    state.checkOpen();
    items.check(request.filter());
    int[] history = request.user() != null ? state.people().history(request.user()) : indices(request.history());
    float[] userVector = pipeline.signals().userVector(history);
    int limit = Math.max(CandidateRule.PER_SOURCE, 2 * request.k());
    int[] candidates = retriever
        .candidates(new CandidateRequest(userVector, history, request.filter(), excluded(request, history), limit));
    Instant at = request.at();
    List<Recommendation> answer = new ArrayList<>();
    for (Ranked ranked : pipeline.rank(userVector, history, candidates, at == null ? 0 : at.getEpochSecond(),
        request.k())) {
      List<Because> because = new ArrayList<>();
      for (Map.Entry<Integer, Double> reason : ranked.because().entrySet()) {
        Item item = items.item(reason.getKey());
        because.add(new Because(item.id(), item.title(), reason.getValue()));
      }
      answer.add(recommendation(ranked.item(), ranked.score(), ranked.shares(), because));
    }
    return answer;
  }

  /**
   * Brings what requests need into memory and the code to speed: seconds for a million items. A service calls it before it says that it is ready; requests may come meanwhile.
   */
  public void warmUp() {
    state.checkOpen();
    index.warmUp();
    for (int request = 0; request < WARM_REQUESTS; request++) {
      answer(Request.forHistory().k(Request.DEFAULT_K));
    }
  }

  /** The items that words describe; see {@link #search(SearchRequest)}. */
  public List<Recommendation> search(String text) {
    return search(SearchRequest.of(text));
  }

  /**
   * The items that words describe, by words and, unless {@link SearchRequest#wordsOnly}, by meaning: the text is encoded as an item without a picture would be, and the two lists are merged by
   * reciprocal rank. The first such call starts the tensor engine. Shares: matched words count as text; the rest is text and picture as they match the meaning.
   */
  public List<Recommendation> search(SearchRequest request) {
    return observed.during(Operation.SEARCH, () -> found(request));
  }

  private List<Recommendation> found(SearchRequest request) {
    state.checkOpen();
    items.check(request.filter());
    float[] vector = new float[items.dimension()];
    if (!request.wordsOnly() && items.modalities().contains("text")) {
      vector = encoder.encode(new Item("query", "", request.text(), Map.of(), null)).fused(0);
    }
    SearchHits found = index.search(request.text(), vector, request.k(), request.filter());
    List<Recommendation> answer = new ArrayList<>();
    for (int rank = 0; rank < found.hits().size(); rank++) {
      int item = found.hits().items()[rank];
      double[] parts = Explainer.contentParts(items, item, vector);
      double both = Math.max(parts[0] + parts[1], Double.MIN_NORMAL);
      double image = found.vector()[rank] * parts[1] / both;
      Shares shares = Shares.of(found.words()[rank] + found.vector()[rank] - image, image, 0, 0);
      answer.add(recommendation(item, found.hits().scores()[rank], shares, List.of()));
    }
    return answer;
  }

  /** The {@value Request#DEFAULT_K} items most like this one. */
  public List<Recommendation> similar(String item) {
    return similar(item, Request.DEFAULT_K);
  }

  /**
   * The items most like this one by their content; none for an item that has none. Scores are cosines.
   *
   * @throws RecommendException {@code UNKNOWN_ITEM}
   */
  public List<Recommendation> similar(String item, int k) {
    return similar(item, k, Filter.ALL);
  }

  /** As {@link #similar(String, int)}, among the items that a filter allows. */
  public List<Recommendation> similar(String item, int k, Filter filter) {
    return observed.during(Operation.SIMILAR, () -> alike(item, k, filter));
  }

  private List<Recommendation> alike(String item, int k, Filter filter) {
    state.checkOpen();
    items.check(filter);
    if (k < 1 || k > Request.MAX_K) {
      throw new IllegalArgumentException("k must be in [1, " + Request.MAX_K + "] but was " + k);
    }
    int itself = known(item);
    float[] vector = items.fused(itself);
    Hits found = index.nearest(vector, k, filter, new int[]{itself});
    List<Recommendation> answer = new ArrayList<>();
    for (int rank = 0; rank < found.size(); rank++) {
      double[] parts = Explainer.contentParts(items, found.items()[rank], vector);
      answer.add(
          recommendation(found.items()[rank], found.scores()[rank], Shares.of(parts[0], parts[1], 0, 0), List.of()));
    }
    return answer;
  }

  /** Whether the recommender has a history of this person. */
  public boolean knows(String user) {
    return state.people().knows(user);
  }

  /** The ids of all people with a history: those of the bundle in its order, then those whose first feedback came later, by id. */
  public List<String> users() {
    return state.people().users();
  }

  /** The ids of the items that a person took, oldest first; empty for someone who is not known. */
  public List<String> history(String user) {
    return IntStream.of(state.people().history(user)).mapToObj(item -> items.item(item).id()).toList();
  }

  /** A person took an item now; see {@link #feedback(String, String, Instant)}. */
  public void feedback(String user, String item) {
    feedback(user, item, Instant.now());
  }

  /**
   * A person, known or new, took an item: on disk when this returns, and every answer from then on knows. The item is the newest of the person's history, whatever the time says, which is kept for the
   * next training.
   *
   * @throws RecommendException {@code UNKNOWN_ITEM}
   */
  public void feedback(String user, String item, Instant at) {
    observed.during(Operation.FEEDBACK, () -> take(user, item, at));
  }

  private void take(String user, String item, Instant at) {
    state.checkOpen();
    if (user.isBlank()) {
      throw new IllegalArgumentException("feedback needs a user but was given '" + user + "'");
    }
    known(item);
    state.feedback(new UpdateRecords.Feedback(user, item, at.getEpochSecond()));
  }

  /** The items that can be recommended, to look up and to change. */
  public LiveCatalog catalog() {
    return new LiveCatalog(state, items, encoder, space, observed);
  }

  /** How much it holds at this moment. */
  public ServingFacts facts() {
    state.checkOpen();
    return new ServingFacts(items.available(), items.changed(), state.logBytes(Bundle.FEEDBACK_LOG),
        state.logBytes(Bundle.CATALOG_LOG), index.memory());
  }

  /**
   * Writes a copy of the bundle with every update that was acknowledged before this call, and perhaps some later ones, which go on meanwhile. It opens like any bundle; every byte of it was verified.
   *
   * @param target where it will stand: does not exist yet, or is empty
   * @throws io.sfumato.recommend.bundle.BundleException {@code NOT_A_BUNDLE} where the target holds something, {@code CORRUPT} where the bundle's files are no longer what they were
   */
  public void snapshot(Path target) {
    state.checkOpen();
    state.snapshot(target);
  }

  /**
   * Writes the logs of updates anew with what still counts of them, so that they need less space and the next opening less time; see {@link Compaction}. Requests and updates go on meanwhile; updates wait some milliseconds at the end of it.
   * What was acknowledged stays on disk whatever happens. The bundle is locked from then on.
   *
   * @throws io.sfumato.recommend.bundle.BundleException {@code IN_USE} where another program writes to the bundle, {@code IO} where the disk refuses: the logs then stay as they were
   */
  public Compaction compact() {
    return state.compact();
  }

  /** What changes in it, for another recommender that takes over. */
  LiveState state() {
    return state;
  }

  /** Closes index, logs and encoder. Idempotent. */
  @Override
  public void close() {
    if (state.close()) {
      index.close();
      encoder.close();
    }
  }

  private Recommendation recommendation(int item, double score, Shares shares, List<Because> because) {
    Item found = items.item(item);
    return new Recommendation(found.id(), found.title(), score, shares, because);
  }

  private int known(String id) {
    int index = items.indexOf(Objects.requireNonNull(id, "item"));
    if (index < 0) {
      throw new RecommendException("UNKNOWN_ITEM",
          "the catalogue has no item '%s'; put it into the catalogue first, or correct the id".formatted(id));
    }
    return index;
  }

  private int[] indices(List<String> ids) {
    int[] indices = new int[ids.size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = items.everIndexOf(ids.get(i));
      if (indices[i] < 0) {
        known(ids.get(i));
      }
    }
    return Arrays.stream(indices).distinct().toArray();
  }

  private int[] excluded(Request request, int[] history) {
    IntStream seen = request.excludesSeen() ? Arrays.stream(history) : IntStream.empty();
    IntStream named = request.excluded().stream().mapToInt(items::everIndexOf).filter(index -> index >= 0);
    return IntStream.concat(seen, named).sorted().distinct().toArray();
  }
}
