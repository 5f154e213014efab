package io.sfumato.recommend.service;

import io.sfumato.datasets.Item;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderSource;
import io.sfumato.recommend.Request;
import io.sfumato.recommend.SearchRequest;
import io.sfumato.recommend.retrieval.Filter;
import io.sfumato.recommend.service.Answers.Found;
import io.sfumato.recommend.service.Answers.Recommendations;
import io.sfumato.recommend.service.Answers.Taken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Recommendations, search, similar items and histories. */
final class AskCalls {
  private static final int LONGEST_ID = 512;

  private final RecommenderSource source;
  private final ServiceLimits limits;

  AskCalls(RecommenderSource source, ServiceLimits limits) {
    this.source = source;
    this.limits = limits;
  }

  Answer recommend(Asked asked) {
    Fields fields = asked.fields(Set.of("user", "history", "k", "where", "exclude_seen", "exclude", "context", "at"));
    if (fields.has("user") == fields.has("history")) {
      throw new Problem(400, "MISSING_FIELD", "give 'user', or 'history' for someone without an id");
    }
    Request request = fields.has("user") ? Request.forUser(fields.id("user"))
        : Request.forHistory(fields.texts("history", LONGEST_ID));
    request = request.k(k(fields)).excludeSeen(fields.flag("exclude_seen", true));
    for (Map.Entry<String, Set<String>> clause : where(fields).entrySet()) {
      request = request.whereAny(clause.getKey(), clause.getValue());
    }
    request = request.exclude(fields.texts("exclude", LONGEST_ID));
    for (Map.Entry<String, String> moment : fields.textByName("context", limits.words()).entrySet()) {
      request = request.context(moment.getKey(), moment.getValue());
    }
    Instant at = fields.instant("at");
    Request whole = at == null ? request : request.at(at);
    return source.use(recommender -> {
      String user = whole.user();
      return Answer.json(new Recommendations(found(recommender, recommender.recommend(whole)),
          user == null ? null : recommender.knows(user)));
    });
  }

  Answer search(Asked asked) {
    Fields fields = asked.fields(Set.of("text", "k", "where", "words_only"));
    SearchRequest request = SearchRequest.of(fields.text("text", limits.words())).k(k(fields));
    for (Map.Entry<String, Set<String>> clause : where(fields).entrySet()) {
      request = request.whereAny(clause.getKey(), clause.getValue());
    }
    SearchRequest whole = fields.flag("words_only", false) ? request.matchWordsOnly() : request;
    return source.use(
        recommender -> Answer.json(new Recommendations(found(recommender, recommender.search(whole)), null)));
  }

  Answer similar(Asked asked) {
    Fields fields = asked.fields(Set.of("item", "k", "where"));
    String item = fields.id("item");
    int k = k(fields);
    Filter filter = filter(where(fields));
    return source.use(recommender -> Answer
        .json(new Recommendations(found(recommender, recommender.similar(item, k, filter)), null)));
  }

  Answer history(Asked asked) {
    String user = asked.id();
    asked.fields(Set.of());
    return source.use(recommender -> {
      if (!recommender.knows(user)) {
        throw new Problem(404, "UNKNOWN_USER", "nothing is known of this person; feedback makes them known");
      }
      List<Taken> taken = new ArrayList<>();
      for (String id : recommender.history(user)) {
        Item item = recommender.catalog().item(id);
        taken.add(new Taken(id, item == null ? "" : item.title(), item != null && item.hasImage()));
      }
      return Answer.json(Map.of("history", taken));
    });
  }

  static Filter filter(Map<String, Set<String>> where) {
    Filter filter = Filter.ALL;
    for (Map.Entry<String, Set<String>> clause : where.entrySet()) {
      filter = filter.andAny(clause.getKey(), clause.getValue());
    }
    return filter;
  }

  private Map<String, Set<String>> where(Fields fields) {
    return fields.textsByName("where", limits.words());
  }

  private int k(Fields fields) {
    return fields.number("k", 1, limits.k(), Math.min(limits.k(), Request.DEFAULT_K));
  }

  private static List<Found> found(Recommender recommender, List<Recommendation> recommendations) {
    List<Found> found = new ArrayList<>(recommendations.size());
    for (Recommendation r : recommendations) {
      Item item = recommender.catalog().item(r.item());
      found.add(Answers.found(r, item != null && item.hasImage()));
    }
    return found;
  }
}
