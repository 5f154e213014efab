package io.sfumato.recommend.evaluation;

/**
 * Scores by the product of a user's and an item's vector, as matrix factorisation, graph models and two-tower models do; a bias of an item is one more dimension that is 1 for every user. The vectors are copied, the items'
 * into panels as wide as two vector registers, so that a block of scores is a matrix product whose sums stay in registers. A score is the same in whatever block it is computed. Safe for use by many threads.
 */
public final class DotProductScorer implements BlockScorer {
  private final String name;
  private final int dim;
  private final int userCount;
  private final int itemCount;
  private final float[] users;
  private final float[] panels;

  /**
   * A scorer of vectors.
   *
   * @param users {@code [users, dim]} by the users' indices
   * @param items {@code [items, dim]} by the items' indices, at least one
   * @throws IllegalArgumentException where vectors differ in length
   */
  public DotProductScorer(String name, float[][] users, float[][] items) {
    if (items.length == 0) {
      throw new IllegalArgumentException("scorer '" + name + "' needs the vector of at least one item but got none");
    }
    this.name = name;
    this.dim = items[0].length;
    this.userCount = users.length;
    this.itemCount = items.length;
    this.users = new float[Math.multiplyExact(users.length, dim)];
    for (int user = 0; user < users.length; user++) {
      System.arraycopy(checked(users[user], "user", user), 0, this.users, user * dim, dim);
    }
    int width = Kernel.BEST.panel();
    int count = (items.length + width - 1) / width;
    this.panels = new float[Math.multiplyExact(Math.multiplyExact(count, width), dim)];
    for (int item = 0; item < items.length; item++) {
      float[] vector = checked(items[item], "item", item);
      int at = item / width * width * dim + item % width;
      for (int d = 0; d < dim; d++) {
        panels[at + d * width] = vector[d];
      }
    }
  }

  private float[] checked(float[] vector, String kind, int index) {
    if (vector.length != dim) {
      throw new IllegalArgumentException("scorer '%s': the vector of %s %d has %d numbers but that of item 0 has %d"
          .formatted(name, kind, index, vector.length, dim));
    }
    return vector;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void score(int[] block, int from, int to, int firstItem, int endItem, float[] scores) {
    check(block, from, to, firstItem, endItem);
    int width = Kernel.BEST.panel();
    int stride = endItem - firstItem;
    int groups = (to - from + Kernel.USERS - 1) / Kernel.USERS;
    float[] packed = pack(block, from, to, groups);
    float[] edge = new float[Kernel.USERS * width];
    for (int panel = firstItem / width; panel * width < endItem; panel++) {
      int first = panel * width;
      boolean whole = first >= firstItem && first + width <= endItem;
      for (int group = 0; group < groups; group++) {
        int rows = Math.min(Kernel.USERS, to - from - group * Kernel.USERS);
        int row = group * Kernel.USERS * stride;
        if (whole && rows == Kernel.USERS) {
          Kernel.BEST.products(packed, group * Kernel.USERS * dim, panels, first * dim, dim, scores, row + first
              - firstItem, stride);
        } else {
          Kernel.BEST.products(packed, group * Kernel.USERS * dim, panels, first * dim, dim, edge, 0, width);
          int begin = Math.max(first, firstItem);
          int length = Math.min(first + width, endItem) - begin;
          for (int u = 0; u < rows; u++) {
            System.arraycopy(edge, u * width + begin - first, scores, row + u * stride + begin - firstItem, length);
          }
        }
      }
    }
  }

  /** The users' vectors, dimension by dimension, {@link Kernel#USERS} users at a time; zeros fill the last group. */
  private float[] pack(int[] block, int from, int to, int groups) {
    float[] packed = new float[groups * Kernel.USERS * dim];
    for (int u = from; u < to; u++) {
      int group = (u - from) / Kernel.USERS;
      int at = group * Kernel.USERS * dim + (u - from) % Kernel.USERS;
      for (int d = 0; d < dim; d++) {
        packed[at + d * Kernel.USERS] = users[block[u] * dim + d];
      }
    }
    return packed;
  }

  private void check(int[] block, int from, int to, int firstItem, int endItem) {
    if (firstItem < 0 || endItem > itemCount || firstItem > endItem) {
      throw new IllegalArgumentException(
          "scorer '%s' has the vectors of %d items but was asked for %d to %d".formatted(name, itemCount, firstItem,
              endItem));
    }
    for (int u = from; u < to; u++) {
      if (block[u] < 0 || block[u] >= userCount) {
        throw new IllegalArgumentException(
            "scorer '%s' has the vectors of %d users but was asked for user %d".formatted(name, userCount, block[u]));
      }
    }
  }
}
