package io.sfumato.encoders.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Fuzz;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged safetensors and indexes: none ends the process, hangs, takes memory or loads; each is one clear error. */
class CheckpointFuzzTest {
  /** What opening a small file may allocate, by far more than its size and by far less than it may claim. */
  private static final long LIMIT = 16L << 20;

  private static final int ROUNDS = 220;
  private static final String HEADER = """
    {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
    "b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]},"c":{"dtype":"I64","shape":[],"data_offsets":[32,40]}}""";

  private static final List<String> NUMBERS = List.of("-1", "1.5", "\"4\"", "null", "[]", "1e300",
      "9223372036854775807", "18446744073709551615", "99999999999999999999999", "4611686018427387904", "{}", "true");

  private static final List<String> INDEXES = List.of("{}", "[]", "7", "\"x\"", "null", "", "{\"weight_map\":7}",
      "{\"weight_map\":{}}", "{\"weight_map\":[\"a\"]}", "{\"weight_map\":{\"a\":NAME}}",
      "{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":NAME}}",
      "{\"weight_map\":{\"a\":\"1.safetensors\"},\"weight_map\":{}}",
      "{\"weight_map\":{\"a\":\"1.safetensors\"}} {}", "{\"weight_map\":{\"zz\":\"1.safetensors\"}}");

  private static final List<String> NAMES = List.of("\"../1.safetensors\"", "\"/etc/passwd\"", "\"..\"", "\"\"",
      "\".\"",
      "\"a/b.safetensors\"", "\"a\\\\b\"", "\"\\u0000\"", "3", "null", "{}", "[[[]]]", "\"absent.safetensors\"",
      "\"model.safetensors.index.json\"", "\"" + "x".repeat(5000) + "\"", "\"1.safetensors \"", "true", "1e9");

  @TempDir
  Path folder;

  @Test
  void theUndamagedFileReads() throws IOException {
    Files.write(folder.resolve("model.safetensors"), file(HEADER, 40));
    try (Checkpoint read = Checkpoints.open(folder)) {
      assertThat(read.names()).containsExactly("a", "b", "c");
    }
  }

  @Test
  void damagedFilesAreOneErrorEach() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damaged(round, new SplittableRandom(round));
      Files.write(folder.resolve("model.safetensors"), damaged);
      Optional<EncoderException> error = Fuzz.run("file " + round, LIMIT, () -> {
        try (Checkpoint read = Checkpoints.open(folder)) {
          read.names().forEach(read::tensor);
        }
      });
      assertThat(error.map(EncoderException::code))
          .as("file %d: %s", round, new String(damaged, StandardCharsets.ISO_8859_1))
          .contains("CHECKPOINT_CORRUPT");
    }
  }

  @Test
  void damagedIndexesAreOneErrorEach() throws IOException {
    Files.write(folder.resolve("1.safetensors"), file(HEADER, 40));
    int tried = 0;
    for (String index : INDEXES) {
      for (String name : index.contains("NAME") ? NAMES : List.of("")) {
        Files.writeString(folder.resolve("model.safetensors.index.json"), index.replace("NAME", name));
        String code = Fuzz.run(index + name, LIMIT, () -> Checkpoints.open(folder).close())
            .map(EncoderException::code)
            .orElse("none");
        assertThat(code).as(index + " with " + name).isIn("CHECKPOINT_CORRUPT", "MODEL_NOT_FOUND");
        tried++;
      }
    }
    String deep = "{\"weight_map\":" + "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_001);
    Files.writeString(folder.resolve("model.safetensors.index.json"), deep);
    assertThat(Fuzz.run("deep", LIMIT, () -> Checkpoints.open(folder).close())).isPresent();
    assertThat(tried).isGreaterThan(40);
  }

  /** A file that does not hold, of one of twelve kinds. */
  private static byte[] damaged(int round, SplittableRandom random) {
    byte[] whole = file(HEADER, 40);
    String number = NUMBERS.get(random.nextInt(NUMBERS.size()));
    return switch (round % 12) {
      case 0 -> lengthed(whole, random);
      case 1 -> Arrays.copyOf(whole, random.nextInt(whole.length));
      case 2 -> Arrays.copyOf(whole, whole.length + 1 + random.nextInt(1000));
      case 3 -> file(HEADER.replace("[24,32]", "[" + (24 + 1 + random.nextInt(7)) + ",32]"), 40);
      case 4 -> file(HEADER.replace("[32,40]", "[" + random.nextInt(32) + "," + (8 + random.nextInt(24)) + "]"), 32);
      case 5 -> file(HEADER.replace("[2,3]", "[" + number + ",3]"), 40);
      case 6 -> file(HEADER.replace("24,32", random.nextInt(2) == 0 ? number + ",32" : "24," + number), 40);
      case 7 -> file(HEADER.replace("\"F16\"", List.of("\"F32\"", "\"f16\"", "16", "null", "\"I64\"", "\"\"", "[]")
          .get(random.nextInt(7))), 40);
      case 8 -> file(HEADER.replace("[4]", "[".repeat(20 + random.nextInt(3000)) + "4"), 40);
      case 9 -> file(HEADER.replace("\"b\":", "\"a\":"), 40);
      case 10 -> {
        whole[8 + random.nextInt(HEADER.length())] = 1; // A control character stands nowhere in JSON.
        yield whole;
      }
      default -> file(HEADER.replace("{\"format\":\"pt\"}",
          List.of("7", "[1]", "\"x\"", "{\"a\":1}", "{\"a\":{}}", "{\"a\":null}").get(random.nextInt(6))), 40);
    };
  }

  private static byte[] lengthed(byte[] whole, SplittableRandom random) {
    long length = switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> HEADER.length() + 1L + random.nextInt(40);
      case 2 -> random.nextInt(HEADER.length());
      default -> 1L << (24 + random.nextInt(38));
    };
    ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    return whole;
  }

  private static byte[] file(String header, int bytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(8 + json.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    return out.putLong(json.length).put(json).array();
  }
}
