package io.sfumato.recommend.retrieval;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How the graph sees vectors while it is walked. Whatever it is, the full float32 vectors are kept beside, what the walk found is scored anew with them, and exact searches read them alone: a smaller form saves
 * memory that must be resident, not disk.
 */
public enum VectorStorage {
  /** Four bytes a dimension: the fastest at some hundred dimensions, and the default. */
  FLOAT32,
  /** One byte a dimension. */
  INT8,
  /** Half a byte a dimension. */
  INT4,
  /** One bit a dimension: for vectors of many hundred dimensions. */
  BBQ;

  /** As it is written in settings: {@code float32}, {@code int8}, {@code int4}, {@code bbq}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The storage of a name.
   *
   * @throws IllegalArgumentException where there is none of this name
   */
  public static VectorStorage parse(String id) {
    return Arrays.stream(values())
        .filter(storage -> storage.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the format of vectors must be one of %s but was '%s'"
            .formatted(Arrays.stream(values()).map(VectorStorage::id).collect(Collectors.joining(", ")), id)));
  }
}
