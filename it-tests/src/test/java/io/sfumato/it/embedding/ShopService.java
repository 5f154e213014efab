package io.sfumato.it.embedding;

import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderStore;
import io.sfumato.recommend.Request;
import java.nio.file.Path;
import java.util.List;

/** What a shop asks of its recommender. */
public class ShopService {
  private final Recommender recommender;

  public ShopService(Recommender recommender) {
    this.recommender = recommender;
  }

  /** Ten things for the start page; for someone new, what is popular. */
  public List<Recommendation> startPage(String customer) {
    return recommender.recommend(Request.forUser(customer).k(10).excludeSeen());
  }

  /** Somebody bought something: the next answer knows. */
  public boolean bought(String customer, String item) {
    try {
      recommender.feedback(customer, item);
      return true;
    } catch (RecommendException e) {
      if (e.code().equals("UNKNOWN_ITEM")) { // an item that the shop has and the recommender has not yet
        return false;
      }
      throw e;
    }
  }

  /** The night's training takes the place of yesterday's recommender, while requests run. */
  public static void deploy(RecommenderStore store, Path trained, String name) {
    store.install(trained, name);
    store.swap(name);
  }
}
