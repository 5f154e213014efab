package io.sfumato.recommend;

import java.util.List;
import java.util.function.Function;

/** A source of one recommender that nothing replaces. */
record SingleRecommender(Recommender recommender) implements RecommenderSource {
  private static final String ONLY = "bundle";

  @Override
  public <T> T use(Function<Recommender, T> request) {
    return request.apply(recommender);
  }

  @Override
  public List<String> versions() {
    return List.of(ONLY);
  }

  @Override
  public String current() {
    return ONLY;
  }

  @Override
  public void swap(String version) {
    if (!version.equals(ONLY)) {
      throw new RecommendException("UNKNOWN_VERSION",
          "this service has one bundle and no version '%s'; serve a store of versions to swap".formatted(version));
    }
  }

  @Override
  public void close() {
    recommender.close();
  }
}
