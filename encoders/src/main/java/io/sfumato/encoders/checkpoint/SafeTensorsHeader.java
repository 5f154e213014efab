package io.sfumato.encoders.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, checked.
 *
 * @param entries by name, in the header's order
 * @param metadata the free strings under {@code __metadata__}
 */
record SafeTensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
  /** The largest public checkpoints have headers of a few megabytes. */
  static final long MAX_BYTES = 32L << 20;

  private static final String METADATA = "__metadata__";
  private static final int MAX_RANK = 16;
  private static final long MAX_TOKENS = 2_000_000;
  private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
      .streamReadConstraints(
          StreamReadConstraints.builder().maxNestingDepth(MAX_RANK).maxTokenCount(MAX_TOKENS).build())
      .build()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * One tensor.
   *
   * @param begin first byte, counted from the start of the file
   * @param bytes length in bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared and never leaves the package.
  record Entry(String name, ElementType type, long[] shape, long begin, long bytes) {}

  SafeTensorsHeader {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    metadata = Map.copyOf(metadata);
  }

  static SafeTensorsHeader read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < Long.BYTES) {
      throw corrupt(file, "the file has " + size + " bytes, too few for a header");
    }
    long length = read(channel, 0, Long.BYTES).getLong();
    if (length < 2 || length > size - Long.BYTES || length > MAX_BYTES) {
      throw corrupt(file, "the header claims " + Long.toUnsignedString(length) + " bytes in a file of " + size
          + " bytes (at most " + MAX_BYTES + " are accepted)");
    }
    JsonNode root;
    try {
      root = JSON.readTree(read(channel, Long.BYTES, (int) length).array());
    } catch (JsonProcessingException e) {
      throw new EncoderException("CHECKPOINT_CORRUPT", file + ": the header is no JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.isObject()) {
      throw corrupt(file, "the header is no JSON object");
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        if (!field.getValue().isObject() || !allTexts(field.getValue())) {
          throw corrupt(file, "its " + METADATA + " is no object of texts");
        }
        field.getValue().properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
      } else {
        entries.put(field.getKey(), entry(file, field.getKey(), field.getValue(), Long.BYTES + length, size));
      }
    }
    checkContiguous(file, entries.values(), Long.BYTES + length, size);
    return new SafeTensorsHeader(entries, metadata);
  }

  /** The length and the header of a file that holds these tensors; padded so that the values are aligned. */
  static byte[] bytesOf(Map<String, long[]> shapes, Map<String, String> metadata, ElementType type) {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode strings = root.putObject(METADATA);
      metadata.forEach(strings::put);
    }
    long at = 0;
    for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
      long end = at + type.bytes() * Shapes.count(tensor.getValue());
      ObjectNode entry = root.putObject(tensor.getKey());
      entry.put("dtype", type.name());
      entry.set("shape", JSON.valueToTree(tensor.getValue()));
      entry.set("data_offsets", JSON.valueToTree(new long[]{at, end}));
      at = end;
    }
    try {
      byte[] json = JSON.writeValueAsBytes(root);
      int padded = (json.length + 7) / 8 * 8;
      ByteBuffer out = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
      out.putLong(padded).put(json);
      while (out.hasRemaining()) {
        out.put((byte) ' ');
      }
      return out.array();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Entry entry(Path file, String name, JsonNode node, long dataStart, long fileSize) {
    JsonNode shapeNode = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    if (!node.path("dtype").isTextual() || !shapeNode.isArray() || shapeNode.size() > MAX_RANK || !offsets.isArray()
        || offsets.size() != 2 || !wholeNumbers(shapeNode) || !wholeNumbers(offsets)) {
      throw corrupt(file, "tensor '" + name + "' needs dtype, shape and two data_offsets, in whole numbers");
    }
    ElementType type = ElementType.parse(node.path("dtype").asText(), name, file);
    long[] shape = new long[shapeNode.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = shapeNode.get(i).longValue();
    }
    long begin = offsets.get(0).longValue();
    long end = offsets.get(1).longValue();
    if (end < begin || end > fileSize - dataStart) {
      throw corrupt(file, "tensor '" + name + "' lies at " + begin + ".." + end + " of " + (fileSize - dataStart)
          + " bytes of values; the file may be cut off");
    }
    long expected;
    try {
      expected = Math.multiplyExact(Shapes.count(shape), (long) type.bytes());
    } catch (ArithmeticException e) {
      throw new EncoderException("CHECKPOINT_CORRUPT",
          file + ": tensor '" + name + "' has the absurd shape " + Arrays.toString(shape), e);
    }
    if (expected != end - begin) {
      throw corrupt(file, "tensor '" + name + "' of shape " + Arrays.toString(shape) + " and type " + type + " needs "
          + expected + " bytes but has " + (end - begin));
    }
    return new Entry(name, type, shape, dataStart + begin, end - begin);
  }

  private static void checkContiguous(Path file, Iterable<Entry> entries, long dataStart, long fileSize) {
    List<Entry> ordered = new ArrayList<>();
    entries.forEach(ordered::add);
    ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::bytes));
    long at = dataStart;
    for (Entry entry : ordered) {
      if (entry.begin() != at) {
        throw corrupt(file, "tensor '" + entry.name() + "' begins at byte " + entry.begin() + " where " + at
            + " was due: " + (entry.begin() < at ? "it overlaps another one" : "there is a gap before it"));
      }
      at += entry.bytes();
    }
    if (at != fileSize) {
      throw corrupt(file, (fileSize - at) + " bytes at the end belong to no tensor");
    }
  }

  private static boolean allTexts(JsonNode object) {
    for (JsonNode value : object) {
      if (!value.isTextual()) {
        return false;
      }
    }
    return true;
  }

  private static boolean wholeNumbers(JsonNode array) {
    for (JsonNode number : array) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        return false;
      }
    }
    return true;
  }

  private static ByteBuffer read(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new IOException("the file ended at byte " + (at + buffer.position()));
      }
    }
    return buffer.flip();
  }

  private static EncoderException corrupt(Path file, String what) {
    return new EncoderException("CHECKPOINT_CORRUPT", file + ": " + what);
  }
}
