package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.fusion.pairs.PairModel;
import io.sfumato.recommend.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encoders tuned on pairs by the command line, and what is done with them. */
class FineTuneCommandTest {
  private static final String BERT = "../encoders/src/test/resources/hf-tiny/bert";
  private static final List<String> SMALL = List.of("--text-encoder", BERT, "--image-size", "16", "--image-widths",
      "8,16", "--epochs", "2", "--batch", "16", "--set", "dimension=16");

  @TempDir
  Path directory;

  private Path data = Path.of("");

  @BeforeEach
  void shop() throws IOException {
    data = TinyShop.write(directory.resolve("shop"));
  }

  private Ran tune(Path out, String... more) {
    return Ran.sfumato(TinyShop.with(TinyShop.with(List.of("finetune", data.toString(), "--out", out.toString()),
        SMALL), List.of(more)).toArray(String[]::new));
  }

  private Ran train(Path bundle, String... more) {
    return Ran.sfumato(TinyShop.with(TinyShop.with(List.of("train", data.toString(), "--out", bundle.toString()),
        TinyShop.QUICK), List.of(more)).toArray(String[]::new));
  }

  @Test
  void tunedEncodersAreFusedWithOthersAndTheBundleReopens() {
    Path encoders = directory.resolve("encoders");
    JsonNode tuned = tune(encoders, "--text-tuning", "lora:2", "--test", "10", "--json").ok().json();
    assertThat(tuned.get("test").get("pairs").asInt()).isEqualTo(10);
    assertThat(tuned.get("test").get("text_to_image").get("recall_at_10").asDouble()).isCloseTo(1, within(1e-9));
    assertThat(encoders.resolve("text/adapter_model.safetensors")).exists();
    try (PairModel model = PairModel.open(encoders)) {
      assertThat(model.dimension()).isEqualTo(16);
    }

    Path bundle = directory.resolve("bundle");
    JsonNode trained = train(bundle, "--text-encoder", BERT, "--text-encoder", encoders.resolve("text").toString(),
        "--image-encoder", encoders.resolve("image").toString(), "--json").ok().json();
    assertThat(trained.get("results").get("fusion_weights").properties()).hasSize(3);
    try (MultimodalModel model = Bundle.open(bundle).reading(Bundle.MULTIMODAL, MultimodalModel::load)) {
      assertThat(model.modalities()).containsExactly("text", "text-2", "image");
    }
    Ran.sfumato("recommend", bundle.toString(), "--user", "u0", "-k", "3").ok();
    Ran.sfumato("search", bundle.toString(), "red mug").ok();
  }

  @Test
  void theRecommendersOwnTrainingTakesAdapters() {
    Path bundle = directory.resolve("bundle");
    train(bundle, "--text-encoder", BERT, "--set", "text.train=lora:2", "--set", "training.layer-decay=0.8", "--set",
        "training.encoder-dropout=0.1", "--set", "training.precision=bfloat16", "--without", "collaborative").ok();
    Ran.sfumato("recommend", bundle.toString(), "--user", "u0", "-k", "3").ok();
    train(directory.resolve("b"), "--set", "training.encoder-dropout=0.1", "--epsilon", "8").failed(2,
        "training.encoder-dropout must be 0 with privacy.epsilon");
    train(directory.resolve("b"), "--set", "training.precision=int8").failed(2, "training.precision");
    train(directory.resolve("b"), "--text-encoder", "none", "--text-encoder", BERT).failed(2, "text.also");
  }

  @Test
  void privatePairsAreChargedToALedger() {
    Path out = directory.resolve("private");
    JsonNode tuned = tune(out, "--epsilon", "8", "--delta", "1e-3", "--steps", "4", "--sampling-rate", "0.5",
        "--expected-pairs", "50", "--test", "10", "--json").ok().json();
    assertThat(tuned.get("privacy").get("epsilon").asDouble()).isBetween(6.0, 8.0001);
    assertThat(tuned.get("internal_not_private").toString()).contains("test");
    try (PairModel model = PairModel.open(out)) {
      assertThat(Objects.requireNonNull(model.ledger()).phases()).hasSize(1);
    }
    tune(out).failed(2, "whose ledger would be lost");
  }

  @Test
  void whatCannotBeDoneIsSaidInOneLine() throws IOException {
    Path out = directory.resolve("out");
    tune(out, "--epsilon", "8", "--objective", "contrastive").failed(1, "has no bound on what one unit can change");
    tune(out, "--text-tuning", "some").failed(2, "--text-tuning");
    tune(out, "--set", "epoch=3").failed(2, "there is no option 'epoch'");
    tune(out, "--image-encoder", "nowhere").failed(1, "nowhere");
    tune(out, "--test", "59").failed(1, "left to learn from");
    Files.createDirectories(out);
    Files.writeString(out.resolve("notes.txt"), "mine");
    tune(out).failed(2, "is no empty folder");
  }

  @Test
  void theBenchmarkReportsEachWay() {
    JsonNode json = Ran.sfumato(TinyShop.with(List.of("bench", "pairs", data.toString(), "--tuning", "frozen,lora",
        "--test", "20", "--valid", "10", "--json"), SMALL).toArray(String[]::new)).ok().json();
    assertThat(json.get("train").asInt()).isEqualTo(30);
    for (String way : List.of("frozen", "lora")) {
      assertThat(json.get(way).get("pairs").asInt()).isEqualTo(20);
      assertThat(json.get(way).get("image_to_text").get("recall_at_10").asDouble()).isBetween(0.0, 1.0);
    }
  }
}
