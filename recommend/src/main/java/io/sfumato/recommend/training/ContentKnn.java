package io.sfumato.recommend.training;

import io.sfumato.datasets.Interactions;
import io.sfumato.recommend.evaluation.Scorer;
import java.util.Arrays;

/**
 * The nearest items by content: the sum over a user's history of the cosines with an item, from vectors that nobody's interactions have changed. Items without a vector are not recommended; nor is anything to a
 * user whose history has none. Thread-safe.
 */
final class ContentKnn implements Scorer {
  private final String name;
  private final float[][] rows;
  private final Interactions known;

  /**
   * @param rows one an item, of unit length or zeros
   * @param known the histories; users and items as in the split
   */
  ContentKnn(String name, float[][] rows, Interactions known) {
    this.name = name;
    this.rows = rows;
    this.known = known;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void score(int user, float[] scores) {
    float[] taste = new float[rows.length == 0 ? 0 : rows[0].length];
    for (int item : known.itemsOf(user)) {
      for (int d = 0; d < taste.length; d++) {
        taste[d] += rows[item][d];
      }
    }
    Arrays.fill(scores, Float.NaN);
    for (int item = 0; item < rows.length; item++) {
      float dot = 0;
      boolean any = false;
      for (int d = 0; d < taste.length; d++) {
        dot += taste[d] * rows[item][d];
        any |= rows[item][d] != 0;
      }
      scores[item] = any ? dot : Float.NaN;
    }
  }
}
