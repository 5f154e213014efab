package io.sfumato.recommend;

import java.util.List;

/**
 * What {@link Recommender#recommendAll} recommends to one person.
 *
 * @param user id of the person
 * @param recommendations the best first
 */
public record BatchAnswer(String user, List<Recommendation> recommendations) {
  public BatchAnswer {
    recommendations = List.copyOf(recommendations);
  }
}
