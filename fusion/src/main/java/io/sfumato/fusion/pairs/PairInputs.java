package io.sfumato.fusion.pairs;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.EncodedItems;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.tuning.Augmentation;
import io.sfumato.fusion.tuning.Variation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What an encoder reads of a list of pairs: its outputs, computed once, where it is frozen; prepared inputs where it
 * learns. Owns the outputs: close it.
 *
 * @param <P> prepared input of the encoder
 */
sealed interface PairInputs<P> extends AutoCloseable {
  /** Whether the item at an index has an input that could be read. */
  boolean present(int index);

  /**
   * The encoder's outputs [rows.length, D] of some items.
   *
   * @param draws what varied inputs are drawn by; null to take them as they are
   */
  NDArray encode(Scope scope, int[] rows, @Nullable Draws draws, @Nullable Tape tape);

  @Override
  default void close() {}

  /** Outputs of a frozen encoder, from the cache where there is one. */
  static <I, P> PairInputs<P> frozen(Modality<I, P> modality, List<Item> items, @Nullable VectorCache cache,
      Progress progress) {
    float[] @Nullable [] rows = EncodedItems.of(modality, items, cache, progress);
    int width = modality.encoder().dimension();
    boolean[] present = new boolean[rows.length];
    float[] flat = new float[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < rows.length; i++) {
      float[] row = rows[i];
      if (row != null) {
        present[i] = true;
        System.arraycopy(row, 0, flat, i * width, width);
      }
    }
    try (Scope scope = TensorRuntime.get().scope()) {
      return new Table<>(present, scope.release(scope.floats(flat, rows.length, width)));
    }
  }

  /** Inputs of an encoder that learns, varied as asked for. */
  static <I, P> Prepared<P> learning(Modality<I, P> modality, List<Item> items, Augmentation augmentation,
      Progress progress) {
    List<@Nullable P> prepared = new ArrayList<>(items.size());
    progress.start("preparing " + modality.name(), items.size());
    for (Item item : items) {
      I input = modality.input().apply(item);
      prepared.add(input == null ? null : modality.encoder().prepare(input));
      progress.advance(1, null);
    }
    progress.finish();
    return new Prepared<>(modality.encoder(), prepared, augmentation.of(modality, items, prepared));
  }

  /** Outputs of a frozen encoder. */
  @SuppressWarnings("ArrayRecordComponent")
  record Table<P>(boolean[] present, NDArray outputs) implements PairInputs<P> {
    @Override
    public boolean present(int index) {
      return present[index];
    }

    @Override
    public NDArray encode(Scope scope, int[] rows, @Nullable Draws draws, @Nullable Tape tape) {
      long[] index = new long[rows.length];
      for (int i = 0; i < rows.length; i++) {
        index[i] = rows[i];
      }
      return TensorRuntime.get().kernels().rows(scope, outputs, scope.longs(index, index.length));
    }

    @Override
    public void close() {
      outputs.close();
    }
  }

  /** Inputs of an encoder that learns. */
  record Prepared<P>(Encoder<?, P> encoder, List<@Nullable P> inputs,
      @Nullable Variation<P> variation) implements PairInputs<P> {

    /** Inputs of a part of a batch. */
    private static final int TOGETHER = 32;

    @Override
    public boolean present(int index) {
      return inputs.get(index) != null;
    }

    P input(int index) {
      P input = inputs.get(index);
      if (input == null) {
        throw new IllegalArgumentException("pair " + index + " has no input that could be read");
      }
      return input;
    }

    @Override
    public NDArray encode(Scope scope, int[] rows, @Nullable Draws draws, @Nullable Tape tape) {
      List<P> batch = new ArrayList<>(rows.length);
      for (int row : rows) {
        batch.add(variation == null || draws == null ? input(row) : variation.draw(row, draws.rows().apply(row)));
      }
      int[] costs = batch.stream().mapToInt(encoder::cost).toArray();
      return tape != null || Arrays.stream(costs).distinct().count() == 1
          ? encoder.forward(scope, batch, tape)
          : bySize(scope, batch, costs);
    }

    /** Encodes inputs of similar cost together, so that little is spent on padding; the rows keep their order. */
    private NDArray bySize(Scope scope, List<P> batch, int[] costs) {
      int[] order = IntStream.range(0, costs.length)
          .boxed()
          .sorted(Comparator.comparingInt(i -> costs[i]))
          .mapToInt(Integer::intValue)
          .toArray();
      NDList parts = new NDList();
      long[] place = new long[order.length];
      for (int from = 0; from < order.length; from += TOGETHER) {
        List<P> part = new ArrayList<>();
        for (int k = from; k < Math.min(order.length, from + TOGETHER); k++) {
          place[order[k]] = k;
          part.add(batch.get(order[k]));
        }
        parts.add(encoder.forward(scope, part, null));
      }
      NDArray sorted = parts.size() == 1 ? parts.head() : scope.own(NDArrays.concat(parts));
      return TensorRuntime.get().kernels().rows(scope, sorted, scope.longs(place, place.length));
    }
  }
}
