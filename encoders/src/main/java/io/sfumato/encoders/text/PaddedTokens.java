package io.sfumato.encoders.text;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch of texts as the engine reads it, padded behind the last token of each to the longest one. Which side a
 * tokenizer's own file pads on does not matter here: the vector of a text does not depend on the rest of its batch.
 *
 * @param texts the n texts
 * @param ids int64 [n, t], 0 in padding
 * @param types int64 [n, t], 0 in padding
 * @param mask float32 [n, t], 1 for a token and 0 for padding
 * @param ragged whether there is any padding
 */
record PaddedTokens(List<TokenIds> texts, NDArray ids, NDArray types, NDArray mask, boolean ragged) {
  static PaddedTokens of(Scope scope, List<TokenIds> texts) {
    int n = texts.size();
    int longest = texts.stream()
        .mapToInt(TokenIds::size)
        .max()
        .orElseThrow(() -> new IllegalArgumentException("a batch needs at least one text"));
    long[] ids = new long[n * longest];
    long[] types = new long[n * longest];
    float[] mask = new float[n * longest];
    boolean ragged = false;
    for (int i = 0; i < n; i++) {
      TokenIds text = texts.get(i);
      text.copyTo(ids, i * longest);
      text.copyTypesTo(types, i * longest);
      Arrays.fill(mask, i * longest, i * longest + text.size(), 1f);
      ragged |= text.size() < longest;
    }
    return new PaddedTokens(List.copyOf(texts), scope.longs(ids, n, longest), scope.longs(types, n, longest),
        scope.floats(mask, n, longest), ragged);
  }

  /** The mask where there is padding, else null, which is faster. */
  @Nullable
  NDArray maskOrNull() {
    return ragged ? mask : null;
  }

  /** t. */
  int longest() {
    return (int) ids.getShape().get(1);
  }
}
