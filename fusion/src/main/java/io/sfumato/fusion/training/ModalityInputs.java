package io.sfumato.fusion.training;

import ai.djl.ndarray.NDArray;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.EncodedItems;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.tuning.Augmentation;
import io.sfumato.fusion.tuning.Variation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a modality's encoder reads of the catalogue, made ready once: prepared inputs where the encoder learns, its outputs where it is frozen. Owns native memory: close it.
 *
 * @param <P> prepared input of the encoder
 */
public final class ModalityInputs<P> implements AutoCloseable {
  private final Encoder<?, P> encoder;
  private final boolean learns;
  private final boolean[] present;
  private final List<@Nullable P> prepared;
  private final @Nullable NDArray table;
  private final @Nullable Variation<P> variation;

  private ModalityInputs(Encoder<?, P> encoder, boolean learns, boolean[] present, List<@Nullable P> prepared,
      @Nullable NDArray table, @Nullable Variation<P> variation) {
    this.encoder = encoder;
    this.learns = learns;
    this.present = present;
    this.prepared = prepared;
    this.table = table;
    this.variation = variation;
  }

  /** As {@link #of(Modality, List, VectorCache, Augmentation, Progress)}, taken as they are. */
  public static <I, P> ModalityInputs<P> of(Modality<I, P> modality, List<Item> items, @Nullable VectorCache cache,
      Progress progress) {
    return of(modality, items, cache, Augmentation.NONE, progress);
  }

  /** Reads the catalogue; whether the encoder learns must have been set before. */
  public static <I, P> ModalityInputs<P> of(Modality<I, P> modality, List<Item> items, @Nullable VectorCache cache,
      Augmentation augmentation, Progress progress) {
    Encoder<I, P> encoder = modality.encoder();
    boolean[] present = new boolean[items.size()];
    if (encoder.parameters().stream().anyMatch(Parameter::trainable)) {
      List<@Nullable P> prepared = new ArrayList<>();
      progress.start("preparing " + modality.name(), items.size());
      for (int i = 0; i < items.size(); i++) {
        I input = modality.input().apply(items.get(i));
        prepared.add(input == null ? null : encoder.prepare(input));
        present[i] = input != null;
        progress.advance(1, null);
      }
      progress.finish();
      return new ModalityInputs<>(encoder, true, present, prepared, null, augmentation.of(modality, items, prepared));
    }
    float[] @Nullable [] rows = EncodedItems.of(modality, items, cache, progress);
    float[] flat = new float[items.size() * encoder.dimension()];
    for (int i = 0; i < rows.length; i++) {
      float[] row = rows[i];
      if (row != null) {
        present[i] = true;
        System.arraycopy(row, 0, flat, i * row.length, row.length);
      }
    }
    try (Scope scope = TensorRuntime.get().scope()) {
      NDArray table = scope.release(scope.floats(flat, items.size(), encoder.dimension()));
      return new ModalityInputs<>(encoder, false, present, List.of(), table, null);
    }
  }

  /** Whether gradients flow into the encoder. */
  public boolean learns() {
    return learns;
  }

  /** Whether an item has the modality. */
  public boolean present(int item) {
    return present[item];
  }

  /** Number of items of the catalogue. */
  public int size() {
    return present.length;
  }

  /** Whether any item has the modality. */
  public boolean anyPresent() {
    for (boolean one : present) {
      if (one) {
        return true;
      }
    }
    return false;
  }

  /** Length D of the encoder's outputs. */
  public int dimension() {
    return encoder.dimension();
  }

  /** As {@link #encode(Scope, int[], int[], IntFunction, Tape)}, as it is and without a tape. */
  public NDArray encode(Scope scope, int[] items) {
    return encode(scope, items, null, null, null);
  }

  /** As {@link #encode(Scope, int[], int[], IntFunction, Tape)}, as it is. */
  public NDArray encode(Scope scope, int[] items, int @Nullable [] owners, @Nullable Tape tape) {
    return encode(scope, items, owners, null, tape);
  }

  /**
   * The encoder's outputs [n, D] for these items, zeros for those that lack the modality; gradients flow where the encoder learns.
   *
   * @param draws what the input at each place is varied by; null to take all as they are
   * @param owners the tape's example of each item; null where there is no tape
   */
  public NDArray encode(Scope scope, int[] items, int @Nullable [] owners,
      @Nullable IntFunction<SplittableRandom> draws, @Nullable Tape tape) {
    if (table != null) {
      return TensorRuntime.get().kernels().rows(scope, table, index(scope, items));
    }
    int[] rows = Arrays.stream(items).filter(item -> present[item]).toArray();
    if (rows.length == 0) {
      return scope.floats(new float[items.length * encoder.dimension()], items.length, encoder.dimension());
    }
    List<P> batch = new ArrayList<>(rows.length);
    for (int i = 0; i < items.length; i++) {
      if (present[items[i]]) {
        batch.add(draws == null || variation == null ? input(items[i]) : variation.draw(items[i], draws.apply(i)));
      }
    }
    if (tape != null && owners != null) {
      tape.units(IntStream.range(0, items.length).filter(i -> present[items[i]]).map(i -> owners[i]).toArray());
    }
    NDArray encoded = encoder.forward(scope, batch, tape);
    if (rows.length == items.length) {
      return encoded;
    }
    long[] place = new long[rows.length];
    int next = 0;
    for (int i = 0; i < items.length; i++) {
      if (present[items[i]]) {
        place[next++] = i;
      }
    }
    return TensorRuntime.get().kernels().indexAdd(scope, items.length, scope.longs(place, place.length), encoded);
  }

  private P input(int item) {
    P input = prepared.get(item);
    if (input == null) {
      throw new FusionException("INTERNAL", "item " + item + " is present but was not prepared");
    }
    return input;
  }

  static NDArray index(Scope scope, int[] items) {
    return scope.longs(Arrays.stream(items).asLongStream().toArray(), items.length);
  }

  @Override
  public void close() {
    if (table != null) {
      table.close();
    }
  }
}
