package io.sfumato.recommend;

import io.sfumato.fusion.ItemVectors;
import java.util.List;

/** {@link ItemVectors} as an item space. */
record TrainedItems(ItemVectors vectors) implements ItemSpace {
  @Override
  public int size() {
    return vectors.size();
  }

  @Override
  public int dimension() {
    return vectors.dimension();
  }

  @Override
  public List<String> modalities() {
    return vectors.modalities();
  }

  @Override
  public float[] fused(int item) {
    return vectors.fused(item);
  }

  @Override
  public float dot(float[] vector, int item) {
    return vectors.dot(vector, item);
  }

  @Override
  public float dot(float[] vector, int m, int item) {
    return vectors.dot(vector, m, item);
  }

  @Override
  public void dots(float[] vector, int[] items, float[] out) {
    vectors.dots(vector, items, out);
  }

  @Override
  public void dots(float[] vector, int m, int[] items, float[] out) {
    vectors.dots(vector, m, items, out);
  }

  @Override
  public boolean present(int m, int item) {
    return vectors.present(m, item);
  }
}
