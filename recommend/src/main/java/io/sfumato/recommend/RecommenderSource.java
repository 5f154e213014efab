package io.sfumato.recommend;

import java.util.List;
import java.util.function.Function;

/**
 * The recommender that serves at present, where another may take its place while requests run. Thread-safe; close it when no request is running any more.
 *
 * <p>{@link #of} is one that never changes.
 */
public interface RecommenderSource extends AutoCloseable {
  /** Asks the recommender that serves at present, which stays open until the function has returned; it must not be kept longer. */
  <T> T use(Function<Recommender, T> request);

  /** The versions that can serve, oldest first. */
  List<String> versions();

  /** The version that serves. */
  String current();

  /**
   * Lets another version serve: requests that run end with the old one, those that begin afterwards get the new one, and every acknowledged update goes with it.
   *
   * @throws RecommendException {@code UNKNOWN_VERSION}
   */
  void swap(String version);

  /** Closes what serves. */
  @Override
  void close();

  /** One recommender, its own only version; closing the source closes it. */
  static RecommenderSource of(Recommender recommender) {
    return new SingleRecommender(recommender);
  }
}
