package io.sfumato.recommend.evaluation;

/** The inner loops of the evaluation: one implementation with the Vector API, one without. */
interface Kernel {
  /** Users whose products are taken at once; each number of an item is loaded once for them. */
  int USERS = 6;

  /** The best that this JVM has. */
  Kernel BEST = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? new VectorKernel()
      : new ScalarKernel();

  /** The number of items whose products are taken at once: a panel. */
  int panel();

  /**
   * The products of {@link #USERS} users with the items of a panel.
   *
   * @param users the users' numbers, {@code [dim, USERS]} from {@code userOffset} on
   * @param items the items' numbers, {@code [dim, panel]} from {@code itemOffset} on
   * @param out rows of {@code panel} products, {@code stride} apart, from {@code outOffset} on
   */
  void products(float[] users, int userOffset, float[] items, int itemOffset, int dim, float[] out, int outOffset,
      int stride);

  /** The first position in [from, to) whose value is above the threshold, or {@code to}. NaN is not above anything. */
  int firstAbove(float[] values, int from, int to, float threshold);

  /** Twice the number of values in [from, to) that are below the bound, and once those that equal it. NaN is neither. */
  long twiceBelow(float[] values, int from, int to, float bound);
}
