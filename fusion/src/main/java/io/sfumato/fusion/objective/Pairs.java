package io.sfumato.fusion.objective;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The items of a batch that have two given modalities.
 *
 * @param rows their places in the batch, ascending
 * @param first [count, d], vectors of the one modality
 * @param second [count, d], vectors of the other
 */
@SuppressWarnings("ArrayRecordComponent") // lives within a step of this package
record Pairs(int[] rows, NDArray first, NDArray second) {

  int count() {
    return rows.length;
  }

  /** For each two modalities. */
  static List<Pairs> of(Scope scope, List<NDArray> vectors, boolean[][] presence) {
    Kernels kernels = TensorRuntime.get().kernels();
    List<Pairs> all = new ArrayList<>();
    for (int a = 0; a < vectors.size(); a++) {
      for (int b = a + 1; b < vectors.size(); b++) {
        boolean[] first = presence[a];
        boolean[] second = presence[b];
        int[] both = IntStream.range(0, first.length).filter(i -> first[i] && second[i]).toArray();
        NDArray index = scope.longs(IntStream.of(both).asLongStream().toArray(), both.length);
        all.add(new Pairs(both, kernels.rows(scope, vectors.get(a), index),
            kernels.rows(scope, vectors.get(b), index)));
      }
    }
    return all;
  }

  /** −log softmax of the diagonal, a row: logits [m, m], result [m]. */
  static NDArray ownLosses(Scope scope, NDArray logits) {
    long m = logits.getShape().get(0);
    NDArray labels = scope.longs(LongStream.range(0, m).toArray(), m);
    return TensorRuntime.get().kernels().crossEntropy(scope, logits, labels);
  }
}
