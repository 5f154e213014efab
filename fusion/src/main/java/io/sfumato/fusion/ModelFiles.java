package io.sfumato.fusion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.fusion.training.EpochRecord;
import io.sfumato.fusion.user.UserProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a multimodal model: {@code fusion.json} (format, modalities, fusion, provenance), {@code fusion.safetensors} (projections, fusion, user tower), and what
 * {@link EncoderFiles} writes.
 */
final class ModelFiles {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FORMAT = 1;

  private ModelFiles() {}

  static void save(MultimodalModel model, ModelFacts facts, Path directory) {
    try {
      Files.createDirectories(directory);
      ObjectNode json = JSON.createObjectNode();
      json.put("format", FORMAT);
      json.put("fusion", model.itemTower().fusion().kind().id());
      json.put("dimension", model.dimension());
      json.put("hidden", facts.hidden());
      json.put("historyLength", model.userProfile().historyLength());
      json.put("decay", model.userProfile().decay());
      json.put("temperature", facts.temperature());
      json.put("imageWeight", facts.imageWeight());
      ArrayNode list = json.putArray("modalities");
      EncoderFiles.write(model.encoders(), list, directory);
      if (model.itemTower().fusion() instanceof FixedFusion fixed) {
        ArrayNode weights = json.putArray("weights");
        for (float weight : fixed.given()) {
          weights.add(weight);
        }
      }
      json.set("training", JSON.valueToTree(facts.config()));
      json.set("log", JSON.valueToTree(facts.ledger() == null ? facts.log() : List.of()));
      Files.write(directory.resolve("fusion.json"), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
      SafeTensors.write(directory.resolve("fusion.safetensors"), tensors(model), Map.of());
    } catch (IOException e) {
      throw new FusionException("MODEL_NOT_WRITTEN", "the model cannot be written to %s: %s".formatted(directory, e),
          e);
    }
  }

  private static List<FloatTensor> tensors(MultimodalModel model) {
    List<FloatTensor> all = new ArrayList<>();
    for (Parameter parameter : model.itemTower().parameters()) {
      all.add(new FloatTensor(parameter.name(), parameter.shape().getShape(), parameter.toArray()));
    }
    int d = model.dimension();
    all.add(new FloatTensor("user.map", new long[]{d, d}, model.userProfile().map()));
    all.add(new FloatTensor("user.bias", new long[]{d}, model.userProfile().bias()));
    return all;
  }

  static MultimodalModel load(Path directory) {
    Path file = directory.resolve("fusion.json");
    if (!Files.exists(file)) {
      throw new FusionException("MODEL_NOT_FOUND", "there is no fused model in %s: fusion.json is missing".formatted(
          directory));
    }
    List<Modality<?, ?>> modalities = new ArrayList<>();
    try (SafeTensors tensors = SafeTensors.read(directory.resolve("fusion.safetensors"))) {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      int format = json.path("format").asInt();
      if (format != FORMAT) {
        throw new FusionException("FORMAT_TOO_NEW",
            "the model in %s has format %d but this version reads %d; update the software".formatted(directory, format,
                FORMAT));
      }
      int d = json.path("dimension").asInt();
      List<Projection> projections = new ArrayList<>();
      for (JsonNode entry : json.path("modalities")) {
        modalities.add(EncoderFiles.read(entry, directory));
        String name = entry.path("name").asText();
        projections.add(new Projection("projection." + name, entry.path("inputs").asInt(), json.path("hidden").asInt(),
            d, 0));
      }
      ItemTower tower = new ItemTower(projections, fusion(json, modalities, d));
      for (Parameter parameter : tower.parameters()) {
        parameter.set(tensors.tensor(parameter.name()).values());
      }
      UserProfile profile = new UserProfile(json.path("historyLength").asInt(), json.path("decay").asDouble(),
          tensors.tensor("user.map").values(), tensors.tensor("user.bias").values());
      return new MultimodalModel(modalities, tower, profile, facts(json));
    } catch (IOException e) {
      modalities.forEach(modality -> modality.encoder().close());
      throw new FusionException("MODEL_CORRUPT", "the model in %s cannot be read: %s".formatted(directory, e), e);
    } catch (RuntimeException e) {
      modalities.forEach(modality -> modality.encoder().close());
      throw e;
    }
  }

  private static Fusion fusion(JsonNode json, List<Modality<?, ?>> modalities, int dimension) {
    List<String> names = modalities.stream().<String>map(Modality::name).toList();
    double[] weights = new double[names.size()];
    for (int m = 0; m < weights.length; m++) {
      weights[m] = json.has("weights") ? json.path("weights").path(m).asDouble() : 1.0 / weights.length;
    }
    return Fusion.create(FusionKind.parse(json.path("fusion").asText()), names, weights, dimension);
  }

  private static ModelFacts facts(JsonNode json) throws IOException {
    Map<String, String> config = new LinkedHashMap<>();
    json.path("training").properties().forEach(entry -> config.put(entry.getKey(), entry.getValue().asText()));
    List<EpochRecord> log = new ArrayList<>();
    for (JsonNode entry : json.path("log")) {
      log.add(JSON.treeToValue(entry, EpochRecord.class));
    }
    return new ModelFacts(json.path("temperature").asDouble(), json.path("imageWeight").asDouble(Double.NaN),
        json.path("hidden").asInt(), config, log, null, null, null);
  }
}
