package io.sfumato.encoders.text;

import java.util.Arrays;

/**
 * One tokenised text, or pair of texts: the vocabulary's ids with the special tokens, truncated, without padding.
 *
 * @param ids at least one id
 * @param types the part (0 or 1) that each token belongs to, as many as ids; empty where all belong to part 0
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out, compared by content below.
public record TokenIds(int[] ids, int[] types) {
  /** Copies the ids and the types. */
  public TokenIds {
    if (ids.length == 0) {
      throw new IllegalArgumentException("a tokenised text has at least one token; add the special tokens");
    }
    if (types.length != 0 && types.length != ids.length) {
      throw new IllegalArgumentException(ids.length + " tokens cannot have " + types.length + " types");
    }
    ids = ids.clone();
    types = Arrays.stream(types).allMatch(type -> type == 0) ? new int[0] : types.clone();
  }

  /** Tokens of one part. */
  public TokenIds(int[] ids) {
    this(ids, new int[0]);
  }

  /** The number of tokens. */
  public int size() {
    return ids.length;
  }

  /** The largest id. */
  int largest() {
    return Arrays.stream(ids).max().orElseThrow();
  }

  /** The largest type. */
  int largestType() {
    return Arrays.stream(types).max().orElse(0);
  }

  /** A copy of the ids. */
  @Override
  public int[] ids() {
    return ids.clone();
  }

  /** A copy of the types; empty where all are 0. */
  @Override
  public int[] types() {
    return types.clone();
  }

  /** Writes the ids into a row of a padded batch, from {@code offset} on. */
  void copyTo(long[] row, int offset) {
    for (int i = 0; i < ids.length; i++) {
      row[offset + i] = ids[i];
    }
  }

  /** Writes the types, where there are any, as {@link #copyTo}. */
  void copyTypesTo(long[] row, int offset) {
    for (int i = 0; i < types.length; i++) {
      row[offset + i] = types[i];
    }
  }

  /** Where the first token of this id stands; −1 where there is none. */
  int indexOf(int id) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == id) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenIds that && Arrays.equals(ids, that.ids) && Arrays.equals(types, that.types);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + Arrays.hashCode(types);
  }

  @Override
  public String toString() {
    return "TokenIds" + Arrays.toString(ids) + (types.length == 0 ? "" : " of types " + Arrays.toString(types));
  }
}
