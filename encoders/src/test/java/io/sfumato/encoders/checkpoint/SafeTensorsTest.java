package io.sfumato.encoders.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.encoders.EncoderException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints that hold, and checkpoints that do not. */
class SafeTensorsTest {
  @TempDir
  Path folder;

  private Path file = Path.of("");

  @BeforeEach
  void nameFile() {
    file = folder.resolve("model.safetensors");
  }

  @Test
  void whatWasWrittenIsRead() {
    FloatTensor a = new FloatTensor("a", new long[]{2, 3},
        new float[]{1, -2, 3.5f, Float.MIN_VALUE, 0, Float.MAX_VALUE});
    FloatTensor scalar = new FloatTensor("s", new long[0], new float[]{7});
    FloatTensor empty = new FloatTensor("none", new long[]{0, 4}, new float[0]);
    SafeTensors.write(file, List.of(a, scalar, empty), Map.of("format", "pt"));
    try (SafeTensors read = SafeTensors.read(file)) {
      assertThat(read.names()).containsExactly("a", "s", "none");
      assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
      assertThat(read.shape("a")).containsExactly(2, 3);
      assertThat(read.tensor("a").values()).containsExactly(a.values());
      assertThat(read.tensor("s").values()).containsExactly(7);
      assertThat(read.tensor("none").values()).isEmpty();
    }
    assertThat(folder.toFile().list()).containsExactly("model.safetensors");
  }

  /** Bit patterns worked by hand: 1.5 and −2 in each type; half 1.5 is 0x3E00, bfloat 1.5 is 0x3FC0. */
  @Test
  void everyReadableTypeIsWidened() throws IOException {
    write("{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[4,8]},"
        + "\"d\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[8,24]},"
        + "\"i\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[24,32]},"
        + "\"l\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[32,48]},"
        + "\"u\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[48,50]},"
        + "\"t\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[50,52]},"
        + "\"x\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[52,54]}}", data -> {
          data.putShort((short) 0x3E00).putShort((short) 0xC000);
          data.putShort((short) 0x3FC0).putShort((short) 0xC000);
          data.putDouble(1.5).putDouble(-2);
          data.putInt(3).putInt(-2);
          data.putLong(1L << 40).putLong(-2);
          data.put((byte) 1).put((byte) 200);
          data.put((byte) 1).put((byte) 0);
          data.put((byte) 1).put((byte) 2);
        });
    try (SafeTensors read = SafeTensors.read(file)) {
      assertThat(read.tensor("h").values()).containsExactly(1.5f, -2);
      assertThat(read.tensor("b").values()).containsExactly(1.5f, -2);
      assertThat(read.tensor("d").values()).containsExactly(1.5f, -2);
      assertThat(read.tensor("i").values()).containsExactly(3, -2);
      assertThat(read.longs("i")).containsExactly(3, -2);
      assertThat(read.longs("l")).containsExactly(1L << 40, -2);
      assertThat(read.tensor("u").values()).containsExactly(1, 200);
      assertThat(read.longs("t")).containsExactly(1, 0);
      assertThatThrownBy(() -> read.tensor("x")).isInstanceOf(EncoderException.class)
          .hasMessageContaining("'x' [2] is of type F8_E4M3")
          .extracting("code")
          .isEqualTo("UNSUPPORTED_MODEL");
      assertThatThrownBy(() -> read.longs("d")).hasMessageContaining("cannot be read as integers");
      assertThatThrownBy(() -> read.tensor("y")).hasMessageContaining("no tensor 'y'");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(quoteCharacter = '~', delimiter = ';', value = {
    "overlap; {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}; overlaps another one",
    "gap; {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}; a gap before it",
    "left over; {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}; 4 bytes at the end belong to no tensor",
    "beyond the end; {'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}}; the file may be cut off",
    "backwards; {'a':{'dtype':'F32','shape':[1],'data_offsets':[8,4]}}; lies at 8..4",
    "shape and size differ; {'a':{'dtype':'F32','shape':[4],'data_offsets':[0,12]}}; needs 16 bytes but has 12",
    "absurd shape; {'a':{'dtype':'F32','shape':[4611686018427387904,4611686018427387904],'data_offsets':[0,12]}}; absurd shape",
    "negative size; {'a':{'dtype':'F32','shape':[-3],'data_offsets':[0,12]}}; in whole numbers",
    "unknown type; {'a':{'dtype':'F33','shape':[3],'data_offsets':[0,12]}}; unknown element type 'F33'",
    "no type; {'a':{'shape':[3],'data_offsets':[0,12]}}; needs dtype, shape",
    "fraction; {'a':{'dtype':'F32','shape':[3.5],'data_offsets':[0,12]}}; in whole numbers",
    "name twice; {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]},'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}; Duplicate field",
    "list; [1,2]; no JSON object", "no JSON; {'a':; no JSON"})
  void aHeaderThatDoesNotHoldIsNamed(String what, String header, String message) throws IOException {
    write(header.replace('\'', '"'), data -> data.putInt(1).putInt(2).putInt(3));
    assertCorrupt(message);
  }

  @Test
  void anAbsurdHeaderLengthTakesNoMemory() throws IOException {
    for (long length : new long[]{Long.MAX_VALUE, -1, 0, 1L << 40, 100}) {
      Files.write(file, ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
      assertCorrupt("the header claims " + Long.toUnsignedString(length) + " bytes in a file of 40 bytes");
    }
    Files.write(file, new byte[5]);
    assertCorrupt("5 bytes, too few for a header");
  }

  @Test
  void aFileCutOffAnywhereIsCorrupt() throws IOException {
    SafeTensors.write(file, List.of(new FloatTensor("a", new long[]{3, 5}, new float[15])), Map.of());
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertCorrupt("");
    }
  }

  @Test
  void damagedHeadersGiveOneClearErrorOrRead() throws IOException {
    SafeTensors.write(file,
        List.of(new FloatTensor("a", new long[]{3, 5}, new float[15]),
            new FloatTensor("b", new long[]{2}, new float[2])),
        Map.of("k", "v"));
    byte[] whole = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 300; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i <= round % 3; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try (SafeTensors read = SafeTensors.read(file)) {
        read.names()
            .stream()
            .filter(name -> read.type(name) == ElementType.F32)
            .forEach(name -> assertThat(read.tensor(name).values()).hasSizeLessThanOrEqualTo(17));
      } catch (EncoderException e) {
        assertThat(e.code()).isEqualTo("CHECKPOINT_CORRUPT");
        assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n");
      }
    }
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> SafeTensors.read(folder.resolve("absent"))).isInstanceOf(EncoderException.class)
        .hasMessageContaining("absent")
        .extracting("code")
        .isEqualTo("MODEL_NOT_FOUND");
  }

  @Test
  void aWriteThatFailsLeavesNothingBehind() throws IOException {
    Files.writeString(file, "old");
    assertThatThrownBy(() -> WholeFile.write(file, channel -> {
      throw new IOException("disk full");
    })).isInstanceOf(EncoderException.class).hasMessageContaining("disk full");
    assertThat(file).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("model.safetensors");
  }

  private void assertCorrupt(String message) {
    assertThatThrownBy(() -> SafeTensors.read(file)).isInstanceOf(EncoderException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message)
        .extracting("code")
        .isEqualTo("CHECKPOINT_CORRUPT");
  }

  private void write(String header, Consumer<ByteBuffer> data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(8 + json.length + 64).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(json.length).put(json);
    data.accept(out);
    Files.write(file, Arrays.copyOf(out.array(), out.position()));
  }
}
