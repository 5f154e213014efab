package io.sfumato.fusion.pairs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.Projection;
import io.sfumato.privacy.accounting.PrivacyLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of a {@link PairModel}: {@code pairs.json} (format, widths, fingerprints, configuration, log), {@code
 * projection.safetensors}, and the folders {@code text} and {@code image} of the encoders. {@code pairs.json} is written
 * last: a folder without it holds no model.
 */
final class PairFiles {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FORMAT = 1;
  private static final String FACTS = "pairs.json";
  private static final String WEIGHTS = "projection.safetensors";
  private static final String LEDGER = "ledger.json";
  private static final String TEXT = "text";
  private static final String IMAGE = "image";

  private PairFiles() {}

  static void save(PairModel model, Path directory) {
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(directory.resolve(FACTS));
      write(model.text(), directory.resolve(TEXT));
      write(model.image(), directory.resolve(IMAGE));
      List<FloatTensor> tensors = new ArrayList<>();
      for (Projection head : List.of(model.textProjection(), model.imageProjection())) {
        for (Parameter parameter : head.parameters()) {
          tensors.add(new FloatTensor(parameter.name(), parameter.shape().getShape(), parameter.toArray()));
        }
      }
      SafeTensors.write(directory.resolve(WEIGHTS), tensors, Map.of());
      PrivacyLedger ledger = model.ledger();
      Files.deleteIfExists(directory.resolve(LEDGER));
      ObjectNode json = JSON.createObjectNode();
      json.put("format", FORMAT);
      json.put("dimension", model.dimension());
      json.put("hidden", Integer.parseInt(model.trainingConfig().getOrDefault("hidden", "0")));
      json.put(TEXT, model.text().fingerprint());
      json.put(IMAGE, model.image().fingerprint());
      if (ledger != null) {
        ledger.save(directory.resolve(LEDGER));
        json.put("ledger", ledger.head());
      }
      json.set("training", JSON.valueToTree(model.trainingConfig()));
      json.set("log", JSON.valueToTree(model.trainingLog()));
      WholeFile.write(directory.resolve(FACTS), json.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new FusionException("MODEL_NOT_WRITTEN", "the model cannot be written to %s: %s".formatted(directory, e),
          e);
    }
  }

  private static void write(Encoder<?, ?> encoder, Path folder) throws IOException {
    Files.createDirectories(folder);
    encoder.save(folder);
  }

  static PairModel open(Path directory) {
    Path file = directory.resolve(FACTS);
    if (!Files.exists(file)) {
      throw new FusionException("MODEL_NOT_FOUND",
          "there is no model of pairs in %s: %s is missing; 'sfumato finetune' makes one".formatted(directory, FACTS));
    }
    JsonNode json = json(file);
    if (json.path("format").asInt() != FORMAT) {
      throw new FusionException("FORMAT_TOO_NEW",
          "the model in %s has format %s but this version reads %d; update the software".formatted(directory,
              json.path("format"), FORMAT));
    }
    List<AutoCloseable> opened = new ArrayList<>();
    try (SafeTensors tensors = SafeTensors.read(directory.resolve(WEIGHTS))) {
      TextEncoder text = encoder(directory, TEXT, TextEncoder.class, json, opened);
      ImageEncoder image = encoder(directory, IMAGE, ImageEncoder.class, json, opened);
      Projection textHead = projection(TEXT, text.dimension(), json, tensors, opened);
      Projection imageHead = projection(IMAGE, image.dimension(), json, tensors, opened);
      return new PairModel(text, image, textHead, imageHead, config(json), log(file, json),
          ledger(directory, json));
    } catch (RuntimeException e) {
      opened.forEach(PairFiles::close);
      throw e;
    }
  }

  private static <E extends Encoder<?, ?>> E encoder(Path directory, String name, Class<E> kind, JsonNode json,
      List<AutoCloseable> opened) {
    E encoder = Encoders.load(directory.resolve(name), kind);
    opened.add(encoder);
    if (!encoder.fingerprint().equals(json.path(name).asText())) {
      throw new FusionException("MODEL_CORRUPT",
          "the encoder in %s has changed since its projection was fitted: its fingerprint is not %s; copy the model anew"
              .formatted(directory.resolve(name), json.path(name).asText()));
    }
    return encoder;
  }

  private static Projection projection(String name, int inputs, JsonNode json, SafeTensors tensors,
      List<AutoCloseable> opened) {
    int hidden = json.path("hidden").asInt();
    int dimension = json.path("dimension").asInt();
    long[] shape = tensors.tensor(name + ".map.weight").shape();
    long[] expected = {dimension, hidden > 0 ? hidden : inputs};
    if (!Arrays.equals(shape, expected)) {
      throw new FusionException("MODEL_CORRUPT",
          "%s of %s has the shape %s but %s is expected; copy the model anew".formatted(name + ".map.weight", WEIGHTS,
              Arrays.toString(shape), Arrays.toString(expected)));
    }
    Projection head = new Projection(name, inputs, hidden, dimension, 0);
    opened.add(head);
    for (Parameter parameter : head.parameters()) {
      parameter.set(tensors.tensor(parameter.name()).values());
    }
    return head;
  }

  private static JsonNode json(Path file) {
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new FusionException("MODEL_CORRUPT", "%s cannot be read: %s; copy the model anew".formatted(file, e), e);
    }
  }

  private static Map<String, String> config(JsonNode json) {
    Map<String, String> config = new LinkedHashMap<>();
    json.path("training").properties().forEach(entry -> config.put(entry.getKey(), entry.getValue().asText()));
    return config;
  }

  private static @Nullable PrivacyLedger ledger(Path directory, JsonNode json) {
    if (!json.has("ledger")) {
      return null;
    }
    PrivacyLedger ledger = PrivacyLedger.load(directory.resolve(LEDGER));
    if (!ledger.head().equals(json.path("ledger").asText())) {
      throw new FusionException("MODEL_CORRUPT",
          "%s is not the ledger of this model; copy the model anew".formatted(directory.resolve(LEDGER)));
    }
    return ledger;
  }

  private static List<PairEpoch> log(Path file, JsonNode json) {
    List<PairEpoch> log = new ArrayList<>();
    try {
      for (JsonNode entry : json.path("log")) {
        log.add(JSON.treeToValue(entry, PairEpoch.class));
      }
    } catch (JsonProcessingException e) {
      throw new FusionException("MODEL_CORRUPT",
          "%s: its log cannot be read: %s".formatted(file, e.getOriginalMessage()), e);
    }
    return log;
  }

  private static void close(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing what was opened failed", e);
    }
  }
}
