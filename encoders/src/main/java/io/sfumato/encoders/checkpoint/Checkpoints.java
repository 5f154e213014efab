package io.sfumato.encoders.checkpoint;

import io.sfumato.encoders.EncoderException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a Hugging Face folder: one file {@value #FILE}, or several with an index {@value #INDEX}, as
 * transformers writes them. Where both are there, the one file is read.
 */
public final class Checkpoints {
  /** The name of a checkpoint of one file. */
  public static final String FILE = "model.safetensors";

  /** The name of the index of a checkpoint of several files. */
  public static final String INDEX = FILE + ".index.json";

  private static final String OLD = "pytorch_model.bin";

  private Checkpoints() {}

  /**
   * Opens a folder's weights, and checks the headers of all its files.
   *
   * @return to be closed by the caller
   * @throws EncoderException {@code MODEL_NOT_FOUND} when the folder has no safetensors, {@code CHECKPOINT_CORRUPT} when
   *     a header or the index does not hold
   */
  public static Checkpoint open(Path folder) {
    if (Files.isRegularFile(folder.resolve(FILE))) {
      return SafeTensors.read(folder.resolve(FILE));
    }
    if (Files.isRegularFile(folder.resolve(INDEX))) {
      return ShardedCheckpoint.open(folder.resolve(INDEX));
    }
    boolean old = Files.isRegularFile(folder.resolve(OLD)) || Files.isRegularFile(folder.resolve(OLD + ".index.json"));
    throw new EncoderException("MODEL_NOT_FOUND", "no weights in " + folder + ": neither " + FILE + " nor " + INDEX
        + " is there" + (old ? "; " + OLD + " is a Python pickle, which is not read: save the model anew in Python with"
            + " safe_serialization=True" : ""));
  }

  /**
   * Writes a checkpoint of one or several files into a folder, each whole or not at all; what is left of an earlier
   * checkpoint there is removed.
   *
   * @param tensors in the order in which they are to lie
   * @param type F32, F16 or BF16; the narrow ones round to the nearest value
   * @param maxFileBytes a file holds at most this much, unless a single tensor is larger; above 0
   */
  public static void save(Path folder, List<FloatTensor> tensors, ElementType type, long maxFileBytes) {
    if (maxFileBytes < 1) {
      throw new IllegalArgumentException("a file must hold 1 byte at least but maxFileBytes is " + maxFileBytes);
    }
    List<List<FloatTensor>> shards = new ArrayList<>();
    long bytes = 0;
    for (FloatTensor tensor : tensors) {
      long size = (long) tensor.values().length * type.bytes();
      if (shards.isEmpty() || bytes + size > maxFileBytes) {
        shards.add(new ArrayList<>());
        bytes = 0;
      }
      shards.getLast().add(tensor);
      bytes += size;
    }
    if (shards.size() < 2) {
      SafeTensors.write(folder.resolve(FILE), tensors, Map.of("format", "pt"), type);
      ShardedCheckpoint.remove(folder);
      return;
    }
    Map<String, String> fileOf = new LinkedHashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      SafeTensors.write(folder.resolve(name), shards.get(i), Map.of("format", "pt"), type);
      shards.get(i).forEach(tensor -> fileOf.put(tensor.name(), name));
    }
    ShardedCheckpoint.writeIndex(folder, fileOf, tensors, type);
  }
}
