package io.sfumato.encoders.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A checkpoint of several safetensors files and an index that says which tensor lies in which
 * ({@code model.safetensors.index.json}). The index is checked against all files when it is opened.
 */
final class ShardedCheckpoint implements Checkpoint {
  private static final long MAX_INDEX_BYTES = 32L << 20;
  private static final int MAX_FILES = 1000;
  private static final int SHOWN = 300;
  private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path index;
  private final Map<String, SafeTensors> fileOf;
  private final List<SafeTensors> files;

  private ShardedCheckpoint(Path index, Map<String, SafeTensors> fileOf, List<SafeTensors> files) {
    this.index = index;
    this.fileOf = Collections.unmodifiableMap(fileOf);
    this.files = List.copyOf(files);
  }

  static ShardedCheckpoint open(Path index) {
    Map<String, String> names = names(index);
    Map<String, SafeTensors> opened = new LinkedHashMap<>();
    try {
      Map<String, SafeTensors> fileOf = new LinkedHashMap<>();
      for (Map.Entry<String, String> entry : names.entrySet()) {
        SafeTensors file = opened.computeIfAbsent(entry.getValue(), name -> shard(index, name));
        if (!file.names().contains(entry.getKey())) {
          throw corrupt(index,
              "tensor '" + entry.getKey() + "' is not in " + entry.getValue() + ", where it should be");
        }
        fileOf.put(entry.getKey(), file);
      }
      checkOnce(index, opened);
      return new ShardedCheckpoint(index, fileOf, new ArrayList<>(opened.values()));
    } catch (RuntimeException e) {
      opened.values().forEach(SafeTensors::close);
      throw e;
    }
  }

  /** Writes the index, then removes what an earlier checkpoint left behind. */
  static void writeIndex(Path folder, Map<String, String> fileOf, List<FloatTensor> tensors, ElementType type) {
    ObjectNode root = JSON.createObjectNode();
    long bytes = tensors.stream().mapToLong(tensor -> (long) tensor.values().length * type.bytes()).sum();
    root.putObject("metadata").put("total_size", bytes);
    ObjectNode map = root.putObject("weight_map");
    fileOf.forEach(map::put);
    WholeFile.write(folder.resolve(Checkpoints.INDEX), root.toPrettyString() + "\n");
    try {
      Files.deleteIfExists(folder.resolve(Checkpoints.FILE)); // It would be read first.
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot remove " + folder.resolve(Checkpoints.FILE) + ": " + e, e);
    }
  }

  /** Removes an index that an earlier checkpoint left behind; its files may be links that others use, and stay. */
  static void remove(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(Checkpoints.INDEX));
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot remove " + folder.resolve(Checkpoints.INDEX) + ": " + e, e);
    }
  }

  private static SafeTensors shard(Path index, String name) {
    Path file = index.resolveSibling(name);
    if (!Files.isRegularFile(file)) {
      throw new EncoderException("MODEL_NOT_FOUND",
          index + ": the file '" + name + "' that it names is not there; fetch the whole folder");
    }
    return SafeTensors.read(file);
  }

  private static void checkOnce(Path index, Map<String, SafeTensors> files) {
    Map<String, String> seen = new HashMap<>();
    files.forEach((file, tensors) -> {
      for (String tensor : tensors.names()) {
        String other = seen.put(tensor, file);
        if (other != null) {
          throw corrupt(index, "tensor '" + tensor + "' lies in two files, " + other + " and " + file);
        }
      }
    });
  }

  private static Map<String, String> names(Path index) {
    JsonNode root;
    try {
      long size = Files.size(index);
      if (size > MAX_INDEX_BYTES) {
        throw corrupt(index, "an index of " + size + " bytes; at most " + MAX_INDEX_BYTES + " are accepted");
      }
      root = JSON.readTree(Files.readAllBytes(index));
    } catch (JsonProcessingException e) {
      throw new EncoderException("CHECKPOINT_CORRUPT",
          index + ": no readable JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot read " + index + ": " + e, e);
    }
    JsonNode map = root.path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw corrupt(index, "it has no 'weight_map' from tensors to files");
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String file = entry.getValue().asText();
      if (!entry.getValue().isTextual() || !file.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,200}")) {
        throw corrupt(index, "tensor '" + entry.getKey() + "' is said to lie in '" + entry.getValue().asText()
            + "', which is no file name inside the folder");
      }
      names.put(entry.getKey(), file);
    }
    long files = names.values().stream().distinct().count();
    if (files > MAX_FILES) {
      throw corrupt(index, "it names " + files + " files; at most " + MAX_FILES + " are accepted");
    }
    return names;
  }

  @Override
  public String origin() {
    return index.toString();
  }

  @Override
  public Set<String> names() {
    return fileOf.keySet();
  }

  @Override
  public ElementType type(String name) {
    return file(name).type(name);
  }

  @Override
  public long[] shape(String name) {
    return file(name).shape(name);
  }

  @Override
  public FloatTensor tensor(String name) {
    return file(name).tensor(name);
  }

  @Override
  public void close() {
    files.forEach(SafeTensors::close);
  }

  private SafeTensors file(String name) {
    SafeTensors file = fileOf.get(name);
    if (file == null) {
      throw new EncoderException("TENSOR_MISSING",
          index + ": no tensor '" + name + "' among its " + fileOf.size() + " tensors");
    }
    return file;
  }

  private static EncoderException corrupt(Path index, String what) {
    return new EncoderException("CHECKPOINT_CORRUPT",
        index + ": " + (what.length() > SHOWN ? what.substring(0, SHOWN) + "…" : what));
  }
}
