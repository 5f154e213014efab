package io.sfumato.encoders.cache;

import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Encoded vectors on disk, so that what a frozen encoder has seen once is not encoded again. One file a model
 * fingerprint, one record a content: a model that changes by one weight has another file, a text that changes by one
 * letter another record.
 *
 * <p>Records are checksummed and appended under a file lock: a crash loses at most the chunk being written, a damaged
 * record is computed again, and several threads and processes may share a folder. Files are never deleted here; delete
 * the folder to start afresh.
 */
public final class VectorCache {
  /** Inputs that are prepared, encoded and stored together. */
  private static final int CHUNK = 1024;

  private final Path directory;

  /** A cache in a folder, which is made when it is first written to. */
  public VectorCache(Path directory) {
    this.directory = directory;
  }

  /** Encodes inputs that are at hand; see {@link #encode(Encoder, List, IntFunction, Progress)}. */
  public <I, P> float[][] encode(Encoder<I, P> encoder, List<I> inputs, List<ContentKey> keys, Progress progress) {
    if (inputs.size() != keys.size()) {
      throw new IllegalArgumentException(inputs.size() + " inputs but " + keys.size() + " content keys");
    }
    return encode(encoder, keys, inputs::get, progress);
  }

  /**
   * Returns the vector of each content, encoding those that are missing and keeping them. Contents that occur twice are
   * encoded once.
   *
   * @param keys a key an input
   * @param input loads the input at an index, called only for what is missing and from several threads at once; null
   *     where the input turns out to be unreadable, which gives an empty vector and is not kept
   * @param progress counts the inputs that are missing
   * @return vectors of length {@code encoder.dimension()}, in the order of the keys; an empty one for an unreadable
   *     input
   * @throws EncoderException {@code CACHE_CORRUPT} when the file is no cache of such vectors, {@code IO} when the disk
   *     refuses
   */
  public <I, P> float[][] encode(Encoder<I, P> encoder, List<ContentKey> keys, IntFunction<@Nullable I> input,
      Progress progress) {
    VectorFile file = new VectorFile(directory.resolve(name(encoder)), encoder.dimension());
    Map<ContentKey, float[]> known = file.read(keys);
    Map<ContentKey, Integer> missing = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      if (!known.containsKey(keys.get(i))) {
        missing.putIfAbsent(keys.get(i), i);
      }
    }
    int[] rows = missing.values().stream().mapToInt(Integer::intValue).sorted().toArray();
    progress.start("encoding " + encoder.modality(), rows.length);
    try {
      for (int from = 0; from < rows.length; from += CHUNK) {
        int[] chunk = IntStream.range(from, Math.min(rows.length, from + CHUNK)).map(i -> rows[i]).toArray();
        Map<ContentKey, float[]> fresh = encodeChunk(encoder, keys, input, chunk, progress);
        file.append(fresh);
        known.putAll(fresh);
      }
    } finally {
      progress.finish();
    }
    float[][] vectors = new float[keys.size()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = known.getOrDefault(keys.get(i), new float[0]);
    }
    return vectors;
  }

  private static <I, P> Map<ContentKey, float[]> encodeChunk(Encoder<I, P> encoder, List<ContentKey> keys,
      IntFunction<@Nullable I> input, int[] rows, Progress progress) {
    List<Prepared<P>> readable = IntStream.of(rows)
        .parallel()
        .mapToObj(row -> prepare(encoder, input, row))
        .flatMap(List::stream)
        .toList();
    List<P> prepared = readable.stream().map(Prepared::prepared).toList();
    float[][] vectors = encoder.encodePrepared(prepared, progress.part());
    if (prepared.size() < rows.length) {
      progress.advance(rows.length - prepared.size(), "unreadable");
    }
    Map<ContentKey, float[]> fresh = new HashMap<>();
    for (int i = 0; i < vectors.length; i++) {
      fresh.put(keys.get(readable.get(i).row()), vectors[i]);
    }
    return fresh;
  }

  private static <I, P> List<Prepared<P>> prepare(Encoder<I, P> encoder, IntFunction<@Nullable I> input, int row) {
    List<Prepared<P>> out = new ArrayList<>(1);
    I raw = input.apply(row);
    if (raw != null) {
      out.add(new Prepared<>(row, encoder.prepare(raw)));
    }
    return out;
  }

  /** An input that could be read and prepared. */
  private record Prepared<P>(int row, P prepared) {}

  private static String name(Encoder<?, ?> encoder) {
    String type = encoder.precision() == Precision.FLOAT32 ? "" : "-" + encoder.precision();
    return encoder.fingerprint() + type + ".vectors";
  }
}
