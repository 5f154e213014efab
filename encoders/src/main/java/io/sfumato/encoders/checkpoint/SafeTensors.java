package io.sfumato.encoders.checkpoint;

import io.sfumato.encoders.EncoderException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * A checkpoint in the safetensors format: eight bytes of header length (little-endian), a JSON header that names each
 * tensor's element type, shape and place, then the values, row-major and without gaps.
 *
 * <p>The header is checked in full when the file is opened (length, bounds, overlaps, gaps, shape against size), so
 * that reading cannot go wrong later and nothing is allocated that the file does not back. Values are memory-mapped and
 * converted in Java when asked for; a tensor may lie beyond 2 GiB. See <a
 * href="https://huggingface.co/docs/safetensors">the format</a>.
 *
 * <p>Thread-safe. Holds one open file: close it.
 */
public final class SafeTensors implements Checkpoint {
  private static final long MAP_BYTES = 1L << 28;

  private final Path file;
  private final FileChannel channel;
  private final SafeTensorsHeader header;

  private SafeTensors(Path file, FileChannel channel, SafeTensorsHeader header) {
    this.file = file;
    this.channel = channel;
    this.header = header;
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws EncoderException {@code MODEL_NOT_FOUND} when there is no such file, {@code CHECKPOINT_CORRUPT} when the
   *     header does not hold
   */
  public static SafeTensors read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new EncoderException("MODEL_NOT_FOUND",
          "no checkpoint at " + file + "; give the path of a .safetensors file");
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return new SafeTensors(file, channel, SafeTensorsHeader.read(file, channel));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot read " + file + ": " + e, e);
    }
  }

  /** Writes tensors as F32; see {@link #write(Path, List, Map, ElementType)}. */
  public static void write(Path file, List<FloatTensor> tensors, Map<String, String> metadata) {
    write(file, tensors, metadata, ElementType.F32);
  }

  /**
   * Writes tensors in the order given, beside the target and renamed.
   *
   * @param metadata free strings for the header, may be empty
   * @param type F32, F16 or BF16; the narrow ones round to the nearest value, halves to even
   * @throws IllegalArgumentException for any other type, and when two tensors have the same name
   */
  public static void write(Path file, List<FloatTensor> tensors, Map<String, String> metadata, ElementType type) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    Map<String, FloatTensor> byName = new HashMap<>();
    for (FloatTensor tensor : tensors) {
      if (shapes.put(tensor.name(), tensor.shape()) != null) {
        throw new IllegalArgumentException("two tensors are named '" + tensor.name() + "'");
      }
      byName.put(tensor.name(), tensor);
    }
    write(file, shapes, name -> Objects.requireNonNull(byName.get(name)).values(), metadata, type);
  }

  /**
   * Writes tensors that are made one by one, so that no more than one of them is in Java's memory; else as
   * {@link #write(Path, List, Map, ElementType)}.
   *
   * @param shapes by name, in the order of the file
   * @param values of the tensor of a name, row-major
   */
  static void write(Path file, Map<String, long[]> shapes, Function<String, float[]> values,
      Map<String, String> metadata, ElementType type) {
    byte[] head = SafeTensorsHeader.bytesOf(shapes, metadata, type);
    WholeFile.write(file, channel -> {
      WholeFile.writeFully(channel, ByteBuffer.wrap(head));
      ByteBuffer block = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
      int most = block.capacity() / type.bytes();
      for (String name : shapes.keySet()) {
        float[] all = values.apply(name);
        for (int from = 0; from < all.length; from += most) {
          int count = Math.min(all.length - from, most);
          Elements.put(block.clear(), all, from, count, type);
          WholeFile.writeFully(channel, block.limit(count * type.bytes()));
        }
      }
    });
  }

  @Override
  public String origin() {
    return file.toString();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(header.entries().keySet()));
  }

  /** The free strings of the header. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public ElementType type(String name) {
    return entry(name).type();
  }

  @Override
  public long[] shape(String name) {
    return entry(name).shape().clone();
  }

  @Override
  public FloatTensor tensor(String name) {
    SafeTensorsHeader.Entry entry = entry(name);
    if (!Elements.readable(entry.type())) {
      throw unreadable(entry, "float32");
    }
    float[] values = new float[arrayLength(entry)];
    int at = 0;
    for (ByteBuffer block : blocks(entry)) {
      int count = block.remaining() / entry.type().bytes();
      Elements.get(block, values, at, count, entry.type());
      at += count;
    }
    return new FloatTensor(name, entry.shape().clone(), values);
  }

  /**
   * Reads an integer or truth tensor, flat and row-major; U64 above the largest long wraps.
   *
   * @throws EncoderException {@code TENSOR_MISSING}, or {@code UNSUPPORTED_MODEL} when the tensor holds anything else
   */
  public long[] longs(String name) {
    SafeTensorsHeader.Entry entry = entry(name);
    if (!Elements.isInteger(entry.type())) {
      throw unreadable(entry, "integers");
    }
    long[] values = new long[arrayLength(entry)];
    int at = 0;
    for (ByteBuffer block : blocks(entry)) {
      int count = block.remaining() / entry.type().bytes();
      Elements.get(block, values, at, count, entry.type());
      at += count;
    }
    return values;
  }

  /** Closes the file; tensors that were read stay. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot close " + file + ": " + e, e);
    }
  }

  private SafeTensorsHeader.Entry entry(String name) {
    SafeTensorsHeader.Entry entry = header.entries().get(name);
    if (entry == null) {
      throw new EncoderException("TENSOR_MISSING",
          file + ": no tensor '" + name + "' among its " + header.entries().size() + " tensors");
    }
    return entry;
  }

  private int arrayLength(SafeTensorsHeader.Entry entry) {
    long count = entry.bytes() / entry.type().bytes();
    if (count > Integer.MAX_VALUE - 8) {
      throw new EncoderException("UNSUPPORTED_MODEL",
          file + ": tensor '" + entry.name() + "' has " + count + " values, more than a Java array holds");
    }
    return (int) count;
  }

  private List<ByteBuffer> blocks(SafeTensorsHeader.Entry entry) {
    List<ByteBuffer> blocks = new ArrayList<>();
    try {
      for (long from = 0; from < entry.bytes(); from += MAP_BYTES) {
        blocks.add(channel.map(FileChannel.MapMode.READ_ONLY, entry.begin() + from,
            Math.min(MAP_BYTES, entry.bytes() - from)).order(ByteOrder.LITTLE_ENDIAN));
      }
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot read " + file + ": " + e, e);
    }
    return blocks;
  }

  private EncoderException unreadable(SafeTensorsHeader.Entry entry, String wanted) {
    return new EncoderException("UNSUPPORTED_MODEL",
        file + ": tensor '" + entry.name() + "' " + Arrays.toString(entry.shape()) + " is of type " + entry.type()
            + ", which cannot be read as " + wanted);
  }
}
