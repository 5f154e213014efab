package io.sfumato.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {
  /** One pixel of a lossless WebP, as the format's own documentation has it. */
  private static final byte[] WEBP = Base64.getDecoder().decode("UklGRh4AAABXRUJQVlA4TBEAAAAvAAAAAAfQ//73v/+BiOh/AAA=");

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp"})
  void whatJavaWritesIsReadAsOpaqueRgb(String format) {
    byte[] bytes = Pictures.encoded(format, 30, 20, 0x3060C0);

    BufferedImage image = Images.decode(bytes, "test");

    assertThat(Images.suffix(bytes, "test")).isEqualTo(format);
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
    assertThat(image.getWidth()).isEqualTo(30);
    assertThat(image.getHeight()).isEqualTo(20);
    assertThat(image.getRGB(15, 10) & 0xff).isBetween(0xB8, 0xC8);
  }

  @Test
  void webpIsRead() {
    assertThat(Images.suffix(WEBP, "test")).isEqualTo("webp");
    assertThat(Images.decode(WEBP, "test").getWidth()).isEqualTo(1);
  }

  @Test
  void transparencyIsOverWhite() {
    BufferedImage clear = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(1, 1, 0xFF102030);

    BufferedImage image = Images.decode(Pictures.encoded("png", clear), "test");

    assertThat(image.getRGB(0, 0)).isEqualTo(0xFFFFFFFF);
    assertThat(image.getRGB(1, 1)).isEqualTo(0xFF102030);
  }

  @Test
  void anImageThatClaimsToBeHugeIsRefusedBeforeItIsDecoded() {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Images.decode(Pictures.claiming(20_000, 20_000), "bomb.png"))
        .withMessage("image 'bomb.png' has 20000 x 20000 pixels, over the limit of 50 million; make it smaller")
        .satisfies(e -> assertThat(e.code()).isEqualTo(Images.OVERSIZED));
  }

  @Test
  void aHugeFileIsNotEvenRead(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("huge.png");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
        StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(new byte[]{0}), 1L << 33);
    }
    assertThatExceptionOfType(DataException.class).isThrownBy(() -> Images.decode(new FileImage(file)))
        .withMessageContaining("it has 8589934593 bytes, over the limit of 268435456")
        .satisfies(e -> assertThat(e.code()).isEqualTo(Images.UNDECODABLE));
  }

  @Test
  void whatIsNoImageSaysSo() {
    assertUndecodable("just some words".getBytes(StandardCharsets.UTF_8),
        "its first bytes are those of no known format");
    assertUndecodable(new byte[0], "it is empty");
  }

  @Test
  void aTornImageIsUndecodable() {
    byte[] whole = Pictures.encoded("png", 64, 64, 0xFF0000);
    assertUndecodable(Arrays.copyOf(whole, whole.length / 2), "");
    assertUndecodable(Arrays.copyOf(Pictures.encoded("jpg", 64, 64, 0xFF0000), 30), "");
  }

  private static void assertUndecodable(byte[] bytes, String why) {
    assertThatExceptionOfType(DataException.class).isThrownBy(() -> Images.decode(bytes, "x"))
        .withMessageStartingWith("image 'x' cannot be decoded (" + why)
        .withMessageMatching("[^\\n]*")
        .satisfies(e -> assertThat(e.code()).isEqualTo(Images.UNDECODABLE));
  }
}
