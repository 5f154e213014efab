package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sfumato.encoders.checkpoint.SafeTensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sfumato encode} on tiny checkpoints of Hugging Face's, against what transformers computes. */
class EncodeCommandTest {
  private static final Path MODELS = Path.of("..", "encoders", "src", "test", "resources", "hf-tiny");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta", "clip"})
  void idsStatesAndVectorsAreThoseOfTransformers(String model) throws IOException {
    List<JsonNode> lines = lines(Ran.sfumato("encode", MODELS.resolve(model).toString(), "--input",
        texts(model).toString(), "--json", "--ids", "--states").ok().out());
    try (SafeTensors cases = SafeTensors.read(MODELS.resolve(model).resolve("cases.safetensors"))) {
      long[] ids = cases.longs("in.input_ids");
      long[] mask = cases.longs("in.attention_mask");
      int positions = (int) cases.shape("in.input_ids")[1];
      assertThat(lines).hasSize((int) cases.shape("in.input_ids")[0]);
      for (int i = 0; i < lines.size(); i++) {
        List<Long> expected = new ArrayList<>();
        for (int t = 0; t < positions; t++) {
          if (mask[i * positions + t] == 1) {
            expected.add(ids[i * positions + t]);
          }
        }
        List<Long> got = new ArrayList<>();
        lines.get(i).path("ids").forEach(id -> got.add(id.asLong()));
        assertThat(got).isEqualTo(expected);
        assertThat(lines.get(i).path("last_hidden_state")).hasSize(expected.size());
      }
      for (String output : List.of("out.mean_pooled_normalized", "out.text_embeds")) {
        if (cases.names().contains(output)) {
          compare(lines, cases.tensor(output).values());
        }
      }
      if (cases.names().contains("out.last_hidden_state")) {
        float[] states = cases.tensor("out.last_hidden_state").values();
        int width = (int) cases.shape("out.last_hidden_state")[2];
        for (int i = 0; i < lines.size(); i++) {
          for (int t = 0; t < lines.get(i).path("ids").size(); t++) {
            compare(lines.get(i).path("last_hidden_state").path(t), states, (i * positions + t) * width);
          }
        }
      }
    }
  }

  private static void compare(List<JsonNode> lines, float[] expected) {
    for (int i = 0; i < lines.size(); i++) {
      compare(lines.get(i).path("vector"), expected, i * lines.get(i).path("vector").size());
    }
  }

  private static float[] floats(JsonNode vector) {
    float[] values = new float[vector.size()];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) vector.path(k).asDouble();
    }
    return values;
  }

  private static void compare(JsonNode vector, float[] expected, int from) {
    for (int k = 0; k < vector.size(); k++) {
      double y = expected[from + k];
      assertThat(vector.path(k).asDouble() - y).isBetween(-1e-5 - 1e-5 * Math.abs(y), 1e-5 + 1e-5 * Math.abs(y));
    }
  }

  @Test
  void aClipEncodesTextsAndPicturesInTheOrderOfTheFile() throws IOException {
    Path input = input("{\"id\": 7, \"text\": \"red canvas sneaker\"}", "{\"image\": \"a.png\"}",
        "{\"text\": \"toy\"}", "{\"image\": \"a.png\"}");
    picture("a.png");
    List<JsonNode> lines = lines(Ran.sfumato("encode", MODELS.resolve("clip").toString(), "--input", input.toString(),
        "--json").ok().out());
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0).path("id").asInt()).isEqualTo(7);
    // The same picture at another place of a batch: the last bits may differ.
    compare(lines.get(1).path("vector"), floats(lines.get(3).path("vector")), 0);
    assertThat(lines.get(1)).isNotEqualTo(lines.get(2));
    assertThat(lines).allSatisfy(line -> {
      double square = 0;
      for (JsonNode value : line.path("vector")) {
        square += value.asDouble() * value.asDouble();
      }
      assertThat(line.path("vector")).hasSize(24);
      assertThat(square).isBetween(1 - 1e-5, 1 + 1e-5);
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"vit", "resnet-basic"})
  void anImageModelGivesItsOwnVectors(String model) throws IOException {
    picture("a.png");
    Path input = input("{\"image\": \"a.png\"}");
    String dir = MODELS.resolve(model).toString();
    JsonNode line = Ran.sfumato("encode", dir, "--input", input.toString(), "--json", "--states").ok().json();
    assertThat(line.path("vector").size()).isPositive();
    assertThat(line.path("last_hidden_state").size()).isPositive();
    JsonNode same = Ran.sfumato("encode", dir, "--input", input.toString(), "--json", "--no-normalize").ok().json();
    assertThat(same.path("vector")).isEqualTo(line.path("vector"));
    Ran.sfumato("encode", dir, "--input", input("{\"text\": \"x\"}").toString(), "--json")
        .failed(1, "line 1: ", "modality 'image' where a TextEncoder is needed");
  }

  @Test
  void poolingLengthAndPairsAreChosen() throws IOException {
    String bert = MODELS.resolve("bert").toString();
    String input = input("{\"text\": \"red canvas\"}").toString();
    JsonNode both = Ran.sfumato("encode", bert, "--input", input, "--json", "--pooling", "cls+mean", "--no-normalize",
        "--states").ok().json();
    assertThat(both.path("vector")).hasSize(64);
    for (int k = 0; k < 32; k++) {
      assertThat(both.path("vector").path(k)).isEqualTo(both.path("last_hidden_state").path(0).path(k));
    }
    JsonNode pair = Ran.sfumato("encode", bert, "--input",
        input("{\"text\": \"red\", \"pair\": \"blue denim\"}").toString(), "--json", "--ids").ok().json();
    assertThat(pair.path("types")).hasSameSizeAs(pair.path("ids"));
    assertThat(pair.path("types").get(pair.path("types").size() - 1).asInt()).isEqualTo(1);
    Ran.sfumato("encode", bert, "--input", input, "--pooling", "middle").failed(2, "pooling must be", "'middle'");
    Ran people = Ran.sfumato("encode", bert, "--input", input).ok();
    assertThat(people.out()).contains("length 1.0000 of 32:");
  }

  @Test
  void anOutputFileIsWholeOrNotThere() throws IOException {
    String bert = MODELS.resolve("bert").toString();
    Path target = folder.resolve("vectors.jsonl");
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      many.add("{\"text\": \"sneaker " + "red ".repeat(i % 5) + "\"}");
    }
    Path input = input(many.toArray(String[]::new));
    assertThat(Ran.sfumato("encode", bert, "--input", input.toString(), "--json", "--output", target.toString())
        .ok()
        .out()).isEmpty();
    List<String> written = Files.readAllLines(target);
    assertThat(written).hasSize(600);
    assertThat(written.get(597)).isEqualTo(written.get(2));
    many.set(599, "{\"txt\": \"typo\"}");
    Files.delete(target);
    Ran.sfumato("encode", bert, "--input", input(many.toArray(String[]::new)).toString(), "--output",
        target.toString(), "--json");
    assertThat(target).doesNotExist();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(quoteCharacter = '~', delimiter = ';', value = {"{'txt':'a'}; it needs either \"text\"",
    "{'text':'a','image':'b'}; it needs either", "{'text':3}; its \"text\" is no text", "[1]; no JSON object",
    "{'text':; no readable JSON", "{'text':'a'} x; no readable JSON", "{'text':'a','text':'b'}; Duplicate field",
    "~~; no JSON object", "{'pair':'a'}; it needs either", "{'image':'absent.png'}; absent.png",
    "{'image':'broken.png'}; broken.png"})
  void aBadLineIsOneErrorWithItsNumber(String line, String message) throws IOException {
    Files.writeString(folder.resolve("broken.png"), "no picture");
    Path input = input("{\"text\": \"good\"}", line.replace('\'', '"'), "{\"text\": \"good\"}");
    Ran.sfumato("encode", MODELS.resolve("clip").toString(), "--input", input.toString(), "--json")
        .failed(1, "input.jsonl line 2: ", message);
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    Path input = input("{\"text\": \"good\"}");
    Ran.sfumato("encode", folder.resolve("none").toString(), "--input", input.toString())
        .failed(1, "there is no folder", "none");
    Ran.sfumato("encode", MODELS.resolve("bert").toString(), "--input", "none.jsonl").failed(1, "no file none.jsonl");
    Ran.sfumato("encode", folder.toString(), "--input", input.toString()).failed(1, "it has no config.json");
  }

  private Path texts(String model) throws IOException {
    List<String> lines = new ArrayList<>();
    for (JsonNode text : JSON.readTree(MODELS.resolve(model).resolve("cases.json").toFile()).path("texts")) {
      lines.add(JSON.createObjectNode().put("text", text.asText()).toString());
    }
    return input(lines.toArray(String[]::new));
  }

  private Path input(String... lines) throws IOException {
    return Files.write(folder.resolve("input.jsonl"), List.of(lines));
  }

  private void picture(String name) throws IOException {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        image.setRGB(x, y, (x * 6) << 16 | (y * 8) << 8 | 90);
      }
    }
    ImageIO.write(image, "png", folder.resolve(name).toFile());
  }

  private static List<JsonNode> lines(String out) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
