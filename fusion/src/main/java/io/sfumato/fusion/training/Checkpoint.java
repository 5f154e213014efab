package io.sfumato.fusion.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.fusion.FusionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an interrupted training needs to go on with identical results: parameters, optimiser state, the bank, the best parameters so far and the log. Written beside and renamed after each epoch: a crash leaves the last one whole.
 *
 * @param run identifies data and configuration; a checkpoint of another run is refused
 * @param best NDCG of the best epoch, NaN before the first validation
 * @param stale validations since the best one
 * @param log epochs so far
 * @param tensors parameters ({@code now/…}, {@code best/…}), optimiser state ({@code adam/…}) and {@code bank}
 */
record Checkpoint(String run, double best, int stale, List<EpochRecord> log, Map<String, float[]> tensors) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "checkpoint";

  /** Writes it into a directory, which is made. */
  void write(Path directory) {
    Path fresh = directory.resolve(NAME + ".new");
    Path current = directory.resolve(NAME);
    Path old = directory.resolve(NAME + ".old");
    try {
      Files.createDirectories(directory);
      delete(fresh);
      Files.createDirectories(fresh);
      List<FloatTensor> all = new ArrayList<>();
      tensors.forEach((name, values) -> all.add(new FloatTensor(name, new long[]{values.length}, values)));
      SafeTensors.write(fresh.resolve("state.safetensors"), all, Map.of());
      ObjectNode json = JSON.createObjectNode();
      json.put("run", run).put("best", best).put("stale", stale);
      json.set("log", JSON.valueToTree(log));
      Files.write(fresh.resolve("state.json"), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
      delete(old);
      if (Files.exists(current)) {
        Files.move(current, old, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(fresh, current, StandardCopyOption.ATOMIC_MOVE);
      delete(old);
    } catch (IOException e) {
      throw new FusionException("CHECKPOINT_NOT_WRITTEN",
          "the checkpoint in %s cannot be written: %s".formatted(directory, e), e);
    }
  }

  /**
   * Reads the last whole checkpoint of a directory; null where there is none.
   *
   * @throws FusionException {@code RESUME_MISMATCH} where it is of another run
   */
  static @Nullable Checkpoint read(Path directory, String run) {
    Path folder = directory.resolve(NAME);
    if (!Files.exists(folder)) {
      folder = directory.resolve(NAME + ".old");
    }
    if (!Files.exists(folder)) {
      return null;
    }
    try (SafeTensors file = SafeTensors.read(folder.resolve("state.safetensors"))) {
      JsonNode json = JSON.readTree(Files.readAllBytes(folder.resolve("state.json")));
      if (!run.equals(json.path("run").asText())) {
        throw new FusionException("RESUME_MISMATCH",
            "the checkpoint in %s is of other data or another configuration; give an empty directory to start anew"
                .formatted(directory));
      }
      Map<String, float[]> tensors = new LinkedHashMap<>();
      for (String name : file.names()) {
        tensors.put(name, file.tensor(name).values());
      }
      List<EpochRecord> log = new ArrayList<>();
      for (JsonNode entry : json.path("log")) {
        log.add(JSON.treeToValue(entry, EpochRecord.class));
      }
      return new Checkpoint(run, json.path("best").asDouble(Double.NaN), json.path("stale").asInt(), log, tensors);
    } catch (IOException e) {
      throw new FusionException("CHECKPOINT_CORRUPT",
          "the checkpoint in %s cannot be read: %s; delete the directory to start anew".formatted(directory, e), e);
    }
  }

  /** The tensors whose names begin so, by what follows. */
  Map<String, float[]> part(String prefix) {
    Map<String, float[]> out = new LinkedHashMap<>();
    tensors.forEach((name, values) -> {
      if (name.startsWith(prefix)) {
        out.put(name.substring(prefix.length()), values);
      }
    });
    return out;
  }

  /**
   * A tensor of a known length.
   *
   * @throws FusionException {@code CHECKPOINT_CORRUPT} where it is missing or of another length
   */
  float[] tensor(String name, int length) {
    float @Nullable [] values = tensors.get(name);
    if (values == null || values.length != length) {
      throw new FusionException("CHECKPOINT_CORRUPT",
          "the checkpoint lacks '%s' of length %d; delete its directory to start anew".formatted(name, length));
    }
    return values;
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> {
        try {
          Files.delete(file);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
