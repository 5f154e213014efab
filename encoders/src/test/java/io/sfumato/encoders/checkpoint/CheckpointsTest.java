package io.sfumato.encoders.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.encoders.EncoderException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoints of one file and of several, in wide and in narrow types. */
class CheckpointsTest {
  private static final List<FloatTensor> TENSORS = List.of(
      new FloatTensor("a.weight", new long[]{2, 3}, new float[]{1, -2, 0.5f, 4, 0, -0.25f}),
      new FloatTensor("a.bias", new long[]{2}, new float[]{8, 16}),
      new FloatTensor("b", new long[0], new float[]{3}));

  @TempDir
  Path folder;

  @ParameterizedTest
  @EnumSource(value = ElementType.class, names = {"F32", "F16", "BF16"})
  void oneFileAndSeveralReadTheSame(ElementType type) throws IOException {
    for (long limit : new long[]{1L << 30, 1, 12}) {
      Checkpoints.save(folder, TENSORS, type, limit);
      try (Checkpoint read = Checkpoints.open(folder)) {
        assertThat(read.names()).containsExactly("a.weight", "a.bias", "b");
        for (FloatTensor tensor : TENSORS) {
          assertThat(read.shape(tensor.name())).isEqualTo(tensor.shape());
          assertThat(read.tensor(tensor.name()).values()).isEqualTo(tensor.values());
          assertThat(read.type(tensor.name())).isEqualTo(type);
        }
        assertThatThrownBy(() -> read.tensor("c")).isInstanceOf(EncoderException.class)
            .hasMessageContaining("no tensor 'c' among its 3");
      }
    }
    assertThat(folder.resolve("model-00001-of-00003.safetensors")).exists();
    assertThat(folder.resolve("model.safetensors")).doesNotExist();
    Checkpoints.save(folder, TENSORS, type, 1L << 30);
    assertThat(folder.resolve("model.safetensors.index.json")).doesNotExist();
  }

  /**
   * bfloat16 has 8 bits of mantissa with the leading one: between 1 and 2 its values are 1/128 apart. 1 + 1/256 lies in
   * the middle and goes to the even neighbour 1, 1 + 3/256 to 1 + 4/256, and half precision holds both.
   */
  @Test
  void narrowTypesRoundToTheNearestHalvesToEven() {
    float[] values = {1 + 1f / 256, 1 + 3f / 256, 1 + 1.1f / 256, Float.NaN, Float.POSITIVE_INFINITY,
      Float.MAX_VALUE};
    Path file = folder.resolve("model.safetensors");
    List<FloatTensor> tensors = List.of(new FloatTensor("x", new long[]{values.length}, values));
    SafeTensors.write(file, tensors, Map.of(), ElementType.BF16);
    try (SafeTensors read = SafeTensors.read(file)) {
      assertThat(read.tensor("x").values()).containsExactly(1, 1 + 4f / 256, 1 + 2f / 256, Float.NaN,
          Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY);
    }
    SafeTensors.write(file, tensors, Map.of(), ElementType.F16);
    try (SafeTensors read = SafeTensors.read(file)) {
      assertThat(read.tensor("x").values()).startsWith(1 + 1f / 256, 1 + 3f / 256).endsWith(Float.POSITIVE_INFINITY);
    }
    assertThatThrownBy(() -> SafeTensors.write(file, tensors, Map.of(), ElementType.I8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not as I8");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(quoteCharacter = '~', delimiter = ';', value = {
    "outside; {'weight_map':{'a':'../x.safetensors'}}; CHECKPOINT_CORRUPT; no file name inside the folder",
    "absolute; {'weight_map':{'a':'/x.safetensors'}}; CHECKPOINT_CORRUPT; no file name inside the folder",
    "number; {'weight_map':{'a':7}}; CHECKPOINT_CORRUPT; no file name inside the folder",
    "missing file; {'weight_map':{'a':'y.safetensors'}}; MODEL_NOT_FOUND; 'y.safetensors' that it names is not there",
    "missing tensor; {'weight_map':{'z':'1.safetensors'}}; CHECKPOINT_CORRUPT; tensor 'z' is not in 1.safetensors",
    "twice; {'weight_map':{'a':'1.safetensors','b':'2.safetensors'}}; CHECKPOINT_CORRUPT; 'a' lies in two files, 1.safetensors and 2.safetensors",
    "no map; {}; CHECKPOINT_CORRUPT; no 'weight_map'",
    "empty map; {'weight_map':{}}; CHECKPOINT_CORRUPT; no 'weight_map'",
    "no JSON; {'weight_map':; CHECKPOINT_CORRUPT; no readable JSON",
    "name twice; {'weight_map':{'a':'1.safetensors','a':'2.safetensors'}}; CHECKPOINT_CORRUPT; Duplicate field"})
  void anIndexThatDoesNotHoldIsNamed(String what, String index, String code, String message) throws IOException {
    FloatTensor a = new FloatTensor("a", new long[]{1}, new float[1]);
    SafeTensors.write(folder.resolve("1.safetensors"), List.of(a), Map.of());
    SafeTensors.write(folder.resolve("2.safetensors"), List.of(a, a.named("b")), Map.of());
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.replace('\'', '"'));
    assertThatThrownBy(() -> Checkpoints.open(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n")
        .extracting("code")
        .isEqualTo(code);
  }

  @Test
  void aFolderWithoutWeightsNamesTheRemedy() throws IOException {
    assertThatThrownBy(() -> Checkpoints.open(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("neither model.safetensors nor");
    Files.writeString(folder.resolve("pytorch_model.bin"), "");
    assertThatThrownBy(() -> Checkpoints.open(folder)).hasMessageContaining("safe_serialization=True")
        .extracting("code")
        .isEqualTo("MODEL_NOT_FOUND");
  }

  @Test
  void prefixesAreRemovedWhereTheyAre() {
    Checkpoints.save(folder, List.of(TENSORS.get(0).named("bert.a.weight"), TENSORS.get(1).named("bert.b"),
        TENSORS.get(2)), ElementType.F32, 1L << 30);
    try (Checkpoint read = Checkpoints.open(folder)) {
      TensorSource plain = read.withoutPrefix("roberta.", "bert.");
      assertThat(plain.names()).containsExactlyInAnyOrder("a.weight", "b");
      assertThat(plain.tensor("a.weight").name()).isEqualTo("a.weight");
      assertThat(plain.tensor("a.weight").values()).isEqualTo(TENSORS.get(0).values());
      assertThat(plain.shape("b")).isEmpty(); // The tensor that needs no renaming.
      TensorSource upper = read.renamed(name -> name.toUpperCase(Locale.ROOT));
      assertThat(upper.has("BERT.B")).isTrue();
      assertThat(upper.has("bert.b")).isFalse();
      assertThatThrownBy(() -> plain.tensor("c")).hasMessageContaining("no tensor 'c'");
    }
  }

  /** A file with a hole of 2.4 GB, which takes next to nothing of the disk, and a tensor behind it. */
  @Test
  void aTensorMayLieBeyondTwoGibibytes() throws IOException {
    long hole = 2_400_000_000L;
    byte[] header = ("{\"hole\":{\"dtype\":\"U8\",\"shape\":[" + hole + "],\"data_offsets\":[0," + hole
        + "]},\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + hole + "," + (hole + 8) + "]}}")
        .getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel = FileChannel.open(folder.resolve("model.safetensors"), StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
      ByteBuffer begin = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(begin.putLong(header.length).put(header).flip(), 0);
      ByteBuffer end = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1.5f).putFloat(-2).flip();
      channel.write(end, 8 + header.length + hole);
    }
    try (Checkpoint read = Checkpoints.open(folder)) {
      assertThat(read.tensor("x").values()).containsExactly(1.5f, -2);
      assertThatThrownBy(() -> read.tensor("hole")).isInstanceOf(EncoderException.class)
          .hasMessageContaining("more than a Java array holds");
    }
  }
}
