package io.sfumato.fusion.classification;

import io.sfumato.encoders.nn.Parameter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From what the encoders say of an item to the features that a linear head reads. Owns its native memory: close it. Thread-safe once training is over. */
sealed interface Features extends AutoCloseable permits TowerFeatures, JoinedFeatures {
  /** Length of the features. */
  int dimension();

  /**
   * The features of items.
   *
   * @param encoded for each modality: one row an item, null where the item lacks the modality
   * @param size number of items
   * @return [size][dimension]; zeros for an item without any modality
   */
  float[][] of(List<float[] @Nullable []> encoded, int size);

  /** What a checkpoint keeps. */
  List<Parameter> parameters();

  @Override
  void close();
}
