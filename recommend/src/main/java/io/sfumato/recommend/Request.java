package io.sfumato.recommend;

import io.sfumato.recommend.retrieval.Filter;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to recommend, and for whom: {@code Request.forUser("u-7").k(10).where("category", "shoes").excludeSeen()}. Each method gives a new request; a request can be kept and used by many threads.
 *
 * @param user id of the person, or null for {@link #forHistory}
 * @param history ids of items, oldest first, that stand for a person without an id
 * @param k how many items, 1 to {@value #MAX_K}
 * @param filter which items may be recommended
 * @param excludesSeen whether what the person already has is left out
 * @param excluded ids of further items to leave out
 * @param context what is known of the moment, such as {@code device=phone}, for rankers that learned from it
 * @param at the moment for which it is asked, or null for now
 */
public record Request(@Nullable String user, List<String> history, int k, Filter filter, boolean excludesSeen,
    Set<String> excluded, Map<String, String> context, @Nullable Instant at) {

  /** The most items that one request may ask for. */
  public static final int MAX_K = 10_000;

  /** How many items a request asks for that does not say. */
  public static final int DEFAULT_K = 10;

  public Request {
    history = List.copyOf(history);
    excluded = Set.copyOf(excluded);
    context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
    Objects.requireNonNull(filter, "filter");
    if (k < 1 || k > MAX_K) {
      throw new IllegalArgumentException("k must be in [1, " + MAX_K + "] but was " + k);
    }
  }

  /** For a person by id, with everything that the recommender knows that they took; someone it does not know is served as a new person. */
  public static Request forUser(String user) {
    Objects.requireNonNull(user, "user");
    return new Request(user, List.of(), DEFAULT_K, Filter.ALL, false, Set.of(), Map.of(), null);
  }

  /** For someone without an id who took these items, oldest first; an empty list is a visitor of whom nothing is known. */
  public static Request forHistory(List<String> items) {
    return new Request(null, items, DEFAULT_K, Filter.ALL, false, Set.of(), Map.of(), null);
  }

  /** As {@link #forHistory(List)}. */
  public static Request forHistory(String... items) {
    return forHistory(Arrays.asList(items));
  }

  /** The same for another person, by id. */
  Request user(String id) {
    return new Request(id, List.of(), k, filter, excludesSeen, excluded, context, at);
  }

  /** How many items to recommend; fewer come where fewer are allowed. */
  public Request k(int count) {
    return new Request(user, history, count, filter, excludesSeen, excluded, context, at);
  }

  /** Only items with this value of the attribute; several calls must all hold. */
  public Request where(String attribute, String value) {
    return with(filter.and(attribute, value));
  }

  /** Only items with one of these values of the attribute. */
  public Request whereAny(String attribute, Collection<String> values) {
    return with(filter.andAny(attribute, values));
  }

  /** Only items with one of these values of the attribute. */
  public Request whereAny(String attribute, String... values) {
    return whereAny(attribute, Arrays.asList(values));
  }

  /** Leaves out what the person already has. */
  public Request excludeSeen() {
    return excludeSeen(true);
  }

  /** Whether to leave out what the person already has. */
  public Request excludeSeen(boolean exclude) {
    return new Request(user, history, k, filter, exclude, excluded, context, at);
  }

  /** Leaves out these items as well; unknown ids are ignored. */
  public Request exclude(Collection<String> items) {
    Set<String> more = new LinkedHashSet<>(excluded);
    more.addAll(items);
    return new Request(user, history, k, filter, excludesSeen, more, context, at);
  }

  /** Tells something of the moment, such as {@code device=phone}; keys that the ranker has not learned from are ignored. */
  public Request context(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(context);
    more.put(key, value);
    return new Request(user, history, k, filter, excludesSeen, excluded, more, at);
  }

  /** The moment for which it is asked; now where it is not said. */
  public Request at(Instant moment) {
    return new Request(user, history, k, filter, excludesSeen, excluded, context, moment);
  }

  private Request with(Filter other) {
    return new Request(user, history, k, other, excludesSeen, excluded, context, at);
  }
}
