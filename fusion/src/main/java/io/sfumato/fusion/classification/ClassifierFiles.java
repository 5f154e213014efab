package io.sfumato.fusion.classification;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.fusion.EncoderFiles;
import io.sfumato.fusion.FixedFusion;
import io.sfumato.fusion.Fusion;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.FusionKind;
import io.sfumato.fusion.ItemTower;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.Projection;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of a classifier; see {@link Classifier#save}. */
final class ClassifierFiles {
  static final String DESCRIPTION = "classifier.json";
  static final String TENSORS = "classifier.safetensors";
  static final String LEDGER = "ledger.json";
  private static final String PROVENANCE = "provenance.json";
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ClassifierFiles() {}

  static void save(Classifier classifier, Path directory) {
    ClassifierFacts.Privacy privacy = classifier.facts().privacy();
    PrivacyLedger there = ledger(directory);
    requireRoom(directory, privacy != null && (there == null || privacy.ledger().continues(there)));
    try {
      WholeFolder.write(directory, folder -> write(classifier, folder));
    } catch (IOException e) {
      throw new FusionException("MODEL_NOT_WRITTEN",
          "the classifier cannot be written to %s: %s".formatted(directory, e), e);
    }
  }

  /** Refuses a place that holds something else, or a private classifier whose ledger would be lost. */
  static void requireRoom(Path directory, boolean continuesLedger) {
    if (!Files.exists(directory)) {
      return;
    }
    if (!Files.exists(directory.resolve(DESCRIPTION)) && holdsSomething(directory)) {
      throw new FusionException("MODEL_NOT_WRITTEN",
          "%s holds something else than a classifier; give another place".formatted(directory));
    }
    if (!continuesLedger && Files.exists(directory.resolve(LEDGER))) {
      throw new FusionException("NOT_PRIVATE",
          "%s was trained with differential privacy, and what it has released would be forgotten; train on with --epsilon, or give another place"
              .formatted(directory));
    }
  }

  private static boolean holdsSomething(Path directory) {
    if (!Files.isDirectory(directory)) {
      return true;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isPresent();
    } catch (IOException e) {
      throw new FusionException("MODEL_NOT_WRITTEN", "%s cannot be looked into: %s".formatted(directory, e), e);
    }
  }

  /** What the classifier in a folder has released, or null where it is not private or there is none. */
  static @Nullable PrivacyLedger ledger(Path directory) {
    Path file = directory.resolve(LEDGER);
    return Files.exists(file) ? PrivacyLedger.load(file) : null;
  }

  private static void write(Classifier classifier, Path folder) throws IOException {
    ClassifierFacts facts = classifier.facts();
    ClassifierFacts.Privacy privacy = facts.privacy();
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT).put("kind", facts.kind()).put("column", facts.column()).put("parts", facts.parts());
    json.put("seed", facts.seed());
    json.set("source", JSON.valueToTree(facts.source()));
    json.set("labels", JSON.valueToTree(classifier.labels()));
    EncoderFiles.write(classifier.encoders(), json.putArray("modalities"), folder);
    describe(classifier.features(), json.putObject("features"));
    json.put("temperature", classifier.head().temperature());
    json.set("options", JSON.valueToTree(facts.options()));
    ObjectNode exact = privacy == null ? json : JSON.createObjectNode();
    exact.put("data_sha256", facts.dataSha256());
    exact.set("results", JSON.valueToTree(facts.results()));
    json.set("environment", JSON.valueToTree(environment()));
    if (privacy != null) {
      describe(privacy, json.putObject("privacy"));
      privacy.ledger().save(folder.resolve(LEDGER));
      exact.put("note", "internal, not private: the promise does not cover this folder");
      Files.createDirectories(folder.resolve(Classifier.INTERNAL));
      print(exact, folder.resolve(Classifier.INTERNAL).resolve(PROVENANCE));
    }
    print(json, folder.resolve(DESCRIPTION));
    SafeTensors.write(folder.resolve(TENSORS), tensors(classifier), Map.of());
  }

  private static void print(ObjectNode json, Path file) throws IOException {
    Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
  }

  private static void describe(Features features, ObjectNode node) {
    switch (features) {
      case TowerFeatures tower -> {
        node.put("type", "tower").put("dimension", tower.dimension());
        node.put("hidden", tower.tower().projection(0).hidden());
        node.put("fusion", tower.tower().fusion().kind().id());
        if (tower.tower().fusion() instanceof FixedFusion fixed) {
          ArrayNode weights = node.putArray("weights");
          for (float weight : fixed.given()) {
            weights.add(weight);
          }
        }
      }
      case JoinedFeatures joined -> {
        node.put("type", "joined");
        node.set("weights", JSON.valueToTree(joined.weights()));
      }
    }
  }

  private static void describe(ClassifierFacts.Privacy privacy, ObjectNode node) {
    node.put("epsilon", privacy.epsilon())
        .put("budget", privacy.budget().epsilon())
        .put("delta", privacy.budget().delta())
        .put("unit", privacy.ledger().unit().label())
        .put("neighbouring", "add-remove")
        .put("noise", privacy.ledger().seeded() ? "seeded" : "secure")
        .put("ledger_head", privacy.ledger().head())
        .put("public", "ids, the list of labels, pretrained encoders");
  }

  private static Map<String, String> environment() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("arch", System.getProperty("os.arch"));
    return facts;
  }

  private static List<FloatTensor> tensors(Classifier classifier) {
    List<FloatTensor> all = new ArrayList<>();
    for (Parameter parameter : classifier.features().parameters()) {
      all.add(new FloatTensor(parameter.name(), parameter.shape().getShape(), parameter.toArray()));
    }
    LinearHead head = classifier.head();
    all.add(new FloatTensor("head.weight", new long[]{head.classes(), head.inputs()}, head.weights()));
    all.add(new FloatTensor("head.bias", new long[]{head.classes()}, head.bias()));
    return all;
  }

  static Classifier load(Path directory) {
    Path file = directory.resolve(DESCRIPTION);
    if (!Files.exists(file)) {
      throw new FusionException("MODEL_NOT_FOUND",
          "there is no classifier in %s: %s is missing; 'sfumato classify train' writes one".formatted(directory,
              DESCRIPTION));
    }
    List<Modality<?, ?>> modalities = new ArrayList<>();
    try (SafeTensors tensors = SafeTensors.read(directory.resolve(TENSORS))) {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      if (json.path("format").asInt() != FORMAT) {
        throw new FusionException("FORMAT_TOO_NEW",
            "the classifier in %s has format %s but this version reads %d; update the software".formatted(directory,
                json.path("format"), FORMAT));
      }
      List<String> labels = labels(json, directory);
      LinearHead head = head(tensors, labels.size(), json.path("temperature").asDouble());
      ClassifierFacts facts = facts(json, directory);
      for (JsonNode entry : json.path("modalities")) {
        modalities.add(EncoderFiles.read(entry, directory));
      }
      return new Classifier(labels, modalities, features(json.path("features"), modalities, tensors, head.inputs()),
          head, facts);
    } catch (IOException | PrivacyException e) {
      modalities.forEach(modality -> modality.encoder().close());
      throw new FusionException("MODEL_CORRUPT",
          "the classifier in %s cannot be read: %s".formatted(directory, e.getMessage()), e);
    } catch (RuntimeException e) {
      modalities.forEach(modality -> modality.encoder().close());
      throw e;
    }
  }

  private static List<String> labels(JsonNode json, Path directory) {
    List<String> labels = new ArrayList<>();
    json.path("labels").forEach(label -> labels.add(label.asText()));
    if (labels.isEmpty() || new LinkedHashSet<>(labels).size() != labels.size() || json.path("modalities").isEmpty()) {
      throw new FusionException("MODEL_CORRUPT",
          "%s names %d labels, which must differ, and %d modalities; copy the classifier anew".formatted(
              directory.resolve(DESCRIPTION), labels.size(), json.path("modalities").size()));
    }
    return labels;
  }

  private static LinearHead head(SafeTensors tensors, int classes, double temperature) {
    FloatTensor weights = tensors.tensor("head.weight");
    tensors.check("head.bias", classes);
    tensors.check("head.weight", classes, weights.values().length / classes);
    return new LinearHead(classes, weights.values().length / classes, weights.values(),
        tensors.tensor("head.bias").values(), temperature);
  }

  private static Features features(JsonNode json, List<Modality<?, ?>> modalities, SafeTensors tensors,
      int dimension) {
    int[] lengths = modalities.stream().mapToInt(modality -> modality.encoder().dimension()).toArray();
    double[] weights = new double[lengths.length];
    for (int m = 0; m < weights.length; m++) {
      weights[m] = json.has("weights") ? json.path("weights").path(m).asDouble() : 1.0 / weights.length;
    }
    if (json.path("type").asText().equals("joined")) {
      return new JoinedFeatures(lengths, weights);
    }
    int hidden = json.path("hidden").asInt();
    for (int m = 0; m < lengths.length; m++) { // before anything of their size is made
      String name = "projection." + modalities.get(m).name();
      if (hidden > 0) {
        tensors.check(name + ".hidden.weight", hidden, lengths[m]);
      }
      tensors.check(name + ".map.weight", dimension, hidden > 0 ? hidden : lengths[m]);
    }
    List<Projection> projections = new ArrayList<>();
    for (int m = 0; m < lengths.length; m++) {
      projections.add(new Projection("projection." + modalities.get(m).name(), lengths[m], hidden, dimension, 0));
    }
    List<String> names = modalities.stream().<String>map(Modality::name).toList();
    ItemTower tower = new ItemTower(projections,
        Fusion.create(FusionKind.parse(json.path("fusion").asText()), names, weights, dimension));
    try {
      for (Parameter parameter : tower.parameters()) {
        tensors.check(parameter.name(), parameter.shape().getShape());
        parameter.set(tensors.tensor(parameter.name()).values());
      }
    } catch (EncoderException e) {
      tower.close();
      throw e;
    }
    return new TowerFeatures(tower, lengths, dimension);
  }

  private static ClassifierFacts facts(JsonNode json, Path directory) throws IOException {
    ClassifierFacts.Privacy privacy = null;
    PrivacyLedger ledger = ledger(directory);
    JsonNode exact = json;
    if (json.has("privacy")) {
      JsonNode claim = json.path("privacy");
      if (ledger == null || !ledger.verifyHead(claim.path("ledger_head").asText()).intact()) {
        throw new FusionException("MODEL_CORRUPT",
            "the classifier in %s claims privacy but its ledger is %s; copy the classifier anew".formatted(directory,
                ledger == null ? "missing" : "not the one that it was written with"));
      }
      privacy = new ClassifierFacts.Privacy(
          PrivacyBudget.of(claim.path("budget").asDouble(), claim.path("delta").asDouble()), ledger);
      Path internal = directory.resolve(Classifier.INTERNAL).resolve(PROVENANCE); // gone where only what is promised was passed on
      exact = Files.exists(internal) ? JSON.readTree(Files.readAllBytes(internal)) : JSON.createObjectNode();
    }
    Map<String, Object> results = exact.has("results")
        ? JSON.convertValue(exact.path("results"), new TypeReference<LinkedHashMap<String, Object>>() {
        })
        : Map.of();
    return new ClassifierFacts(json.path("kind").asText(), json.path("column").asText(), json.path("parts").asText(),
        json.path("seed").asLong(), strings(json.path("source")), exact.path("data_sha256").asText(),
        strings(json.path("options")), results, privacy);
  }

  private static Map<String, String> strings(JsonNode node) {
    Map<String, String> strings = new LinkedHashMap<>();
    node.properties().forEach(entry -> strings.put(entry.getKey(), entry.getValue().asText()));
    return strings;
  }
}
