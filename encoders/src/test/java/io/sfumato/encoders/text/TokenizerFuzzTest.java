package io.sfumato.encoders.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Fuzz;
import io.sfumato.encoders.TestFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged tokenizers. The Rust library behind them ends the process on some; none of those may reach it. Each is one
 * clear error, or still a tokenizer that works.
 */
class TokenizerFuzzTest {
  /** What reading a file of 22 kB may allocate. */
  private static final long LIMIT = 64L << 20;

  private static final int ROUNDS = 120;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TEXTS = List.of("red canvas sneaker", "",
      "café 绿色 😀 x\0y <s> [CLS] <|endoftext|> [PAD]", "word ".repeat(100), "x".repeat(3000));

  @ParameterizedTest
  @ValueSource(strings = {"bert", "roberta", "clip"})
  void damagedTokenizersAreOneErrorEachOrWork(String model) throws IOException {
    byte[] whole = Files.readAllBytes(TestFiles.resource("hf-tiny/" + model + "/tokenizer.json"));
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damaged(whole, new SplittableRandom(round), round % 4 == 0);
      Optional<EncoderException> error = Fuzz.run(model + " " + round, LIMIT, () -> use(damaged));
      if (error.isPresent()) {
        assertThat(error.get().code()).isIn("CHECKPOINT_CORRUPT", "INVALID_CONFIG");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(ROUNDS / 2);
  }

  /** What was seen to end the process. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(quoteCharacter = '~', delimiter = ';', value = {
    "bert; /post_processor/special_tokens; {}; names the special token '[CLS]' without saying what it is",
    "roberta; /model/continuing_subword_prefix; ~\"é\"~; does not continue with the prefix",
    "roberta; /model/continuing_subword_prefix; ~\"<|endoftext|>\"~; does not continue with the prefix",
    "bert; /post_processor; ~{\"single\":[{\"SpecialToken\":{\"id\":\"[X]\",\"type_id\":0}}],\"pair\":[],\"special_tokens\":{}}~; names the special token '[X]'",
    "bert; /model/max_input_chars_per_word; 47100; in words of 47100 characters",
    "bert; /normalizer; ~{\"type\":\"Precompiled\"}~; has no precompiled_charsmap",
    "bert; /normalizer; ~{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"}~; claims a table",
    "bert; /normalizer; ~{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"BAAAAAD///8=\"}~; leads to place",
    "bert; /normalizer; ~{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"\"},\"content\":\" \"}~; may be empty",
    "bert; /pre_tokenizer; ~{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a*)*b\"},\"behavior\":\"Isolated\",\"invert\":false}~; repeats a group that repeats itself",
    "bert; /pre_tokenizer; ~{\"type\":\"FixedLength\",\"length\":0}~; pieces of length 0",
    "bert; /model/vocab/[UNK]; 4294967295; is no number in 0 to",
    "bert; /model/type; ~\"Mystery\"~; known are", "bert; /model/vocab; {}; no vocabulary"})
  void whatTheLibraryCannotBearIsRefused(String model, String where, String value, String message)
      throws IOException {
    JsonNode root = JSON.readTree(TestFiles.resource("hf-tiny/" + model + "/tokenizer.json").toFile());
    int slash = where.lastIndexOf('/');
    ((ObjectNode) (slash == 0 ? root : root.at(where.substring(0, slash)))).set(where.substring(slash + 1),
        JSON.readTree(value));
    byte[] damaged = JSON.writeValueAsBytes(root);
    String error = Fuzz.run(where, LIMIT, () -> use(damaged)).map(Throwable::getMessage).orElse("none");
    assertThat(error).startsWith("test: no readable tokenizer: ").contains(message);
  }

  /** The library ends the process on these decoders and strides; we have no use for them, so the files are read. */
  @Test
  void whatEncodingDoesNotNeedIsNotHandedOver() throws IOException {
    ObjectNode root = (ObjectNode) JSON.readTree(TestFiles.resource("hf-tiny/clip/tokenizer.json").toFile());
    JsonNode nested = JSON.getNodeFactory().numberNode(1);
    for (int i = 0; i < 60; i++) {
      nested = JSON.createArrayNode().add(nested);
    }
    root.set("decoder", nested);
    ((ObjectNode) root.path("truncation")).put("stride", 1000);
    ((ObjectNode) root.path("padding")).put("strategy", "Nonsense");
    byte[] odd = JSON.writeValueAsBytes(root);
    assertThat(Fuzz.run("odd", LIMIT, () -> use(odd))).isEmpty();
  }

  @Test
  void deepNestingIsRefused() {
    for (int depth : new int[]{101, 2000, 500_000}) {
      byte[] deep = ("{\"model\":" + "[".repeat(depth) + "]".repeat(depth) + "}").getBytes(StandardCharsets.UTF_8);
      assertThat(Fuzz.run("depth " + depth, LIMIT, () -> use(deep))).isPresent();
    }
  }

  private static void use(byte[] json) {
    try (HfTokenizer tokenizer = HfTokenizer.of(json, 16, "test")) {
      for (String text : TEXTS) {
        assertThat(tokenizer.encode(text).size()).isBetween(1, 16);
      }
      assertThat(tokenizer.encode("a b", "red blue").size()).isBetween(1, 16);
    }
  }

  private static byte[] damaged(byte[] whole, SplittableRandom random, boolean asBytes) throws IOException {
    if (asBytes) {
      byte[] bytes = whole.clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      return random.nextInt(3) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
    JsonNode root = JSON.readTree(whole);
    for (int i = 0; i <= random.nextInt(3); i++) {
      List<Place> places = new ArrayList<>();
      collect(root, places, random);
      Place place = places.get(random.nextInt(places.size()));
      Place other = places.get(random.nextInt(places.size()));
      switch (random.nextInt(4)) {
        case 0 -> place.remove();
        case 1 -> place.set(other.get().deepCopy());
        default -> place.set(odd(random));
      }
    }
    return JSON.writeValueAsBytes(root);
  }

  private static JsonNode odd(SplittableRandom random) {
    JsonNodeFactory make = JSON.getNodeFactory();
    List<JsonNode> values = List.of(make.nullNode(), make.numberNode(-1), make.numberNode(Long.MAX_VALUE),
        make.numberNode(new BigInteger("9".repeat(30))), make.numberNode(1e300), make.textNode(""),
        make.textNode("é😀"), make.textNode("x".repeat(10_000)), make.objectNode(), make.arrayNode(),
        make.booleanNode(true), make.textNode("((.*)*)*"), make.numberNode(1L << 32), make.numberNode(0));
    return values.get(random.nextInt(values.size()));
  }

  /** A few places of every level of the tree; of long lists and vocabularies ten. */
  private static void collect(JsonNode node, List<Place> places, SplittableRandom random) {
    List<Place> own = new ArrayList<>();
    if (node instanceof ObjectNode object) {
      object.fieldNames().forEachRemaining(name -> own.add(new Place(object, name, 0)));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        own.add(new Place(array, "", i));
      }
    }
    while (own.size() > 10) {
      own.remove(random.nextInt(own.size()));
    }
    places.addAll(own);
    own.forEach(place -> collect(place.get(), places, random));
  }

  /** Where a value stands in its parent. */
  private record Place(JsonNode parent, String name, int index) {
    JsonNode get() {
      return parent instanceof ObjectNode object ? object.path(name) : parent.path(index);
    }

    void set(JsonNode value) {
      if (parent instanceof ObjectNode object) {
        object.set(name, value);
      } else if (index < parent.size()) {
        ((ArrayNode) parent).set(index, value);
      }
    }

    void remove() {
      if (parent instanceof ObjectNode object) {
        object.remove(name);
      } else if (index < parent.size()) {
        ((ArrayNode) parent).remove(index);
      }
    }
  }
}
