package io.sfumato.encoders.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.image.ImagePreprocessing.Fit;
import io.sfumato.encoders.image.ImagePreprocessing.Rgb;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What image processors' files ask for, and the pictures that come of it. */
class PreprocessorConfigTest {
  private static final ImagePreprocessing USUAL = ImagePreprocessing.stretch(20, 10);

  @TempDir
  Path folder;

  @Test
  void withoutAFileTheModelsUsualPreparationHolds() {
    assertThat(PreprocessorConfig.read(folder, USUAL)).isEqualTo(USUAL);
  }

  @Test
  void clipScalesTheShorterSideAndCutsTheMiddle() {
    ImagePreprocessing read = read("""
      {"crop_size": {"height": 224, "width": 220}, "do_center_crop": true, "do_convert_rgb": true, "do_normalize": true,
       "do_rescale": true, "do_resize": true, "image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6],
       "image_processor_type": "CLIPImageProcessor", "resample": 3, "rescale_factor": 0.00392156862745098,
       "size": {"shortest_edge": 256}}""");
    assertThat(read).isEqualTo(new ImagePreprocessing(220, 224, Fit.SHORTEST_EDGE, 1, new Rgb(0.1f, 0.2f, 0.3f),
        new Rgb(0.4f, 0.5f, 0.6f), Filter.BICUBIC, 256));
  }

  @Test
  void anOldClipFileHasNumbersForSizes() {
    ImagePreprocessing read = read("""
      {"crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true, "size": 224, "resample": 3,
       "feature_extractor_type": "CLIPFeatureExtractor"}""");
    assertThat(read).isEqualTo(ImagePreprocessing.shortestEdge(224, 224, 224, Filter.BICUBIC)
        .normalized(ClipVisionEncoder.MEAN, ClipVisionEncoder.STD));
  }

  @Test
  void whatAClipFileLeavesOutHasItsUsualValue() {
    assertThat(read("{\"image_processor_type\":\"CLIPImageProcessor\",\"size\":{\"shortest_edge\":96}}"))
        .isEqualTo(ImagePreprocessing.shortestEdge(96, 96, 96, Filter.BICUBIC)
            .normalized(ClipVisionEncoder.MEAN, ClipVisionEncoder.STD));
  }

  @Test
  void vitStretches() {
    assertThat(read("{\"image_processor_type\":\"ViTImageProcessor\",\"size\":{\"height\":96,\"width\":64}}"))
        .isEqualTo(ImagePreprocessing.stretch(64, 96));
    assertThat(read("{\"feature_extractor_type\":\"ViTFeatureExtractor\",\"size\":32,\"resample\":0}"))
        .isEqualTo(ImagePreprocessing.stretch(32, 32).filtered(Filter.NEAREST));
    assertThat(read("{\"image_processor_type\":\"ViTImageProcessorFast\",\"size\":{\"height\":32,\"width\":32},"
        + "\"crop_size\":null,\"do_center_crop\":null,\"crop_pct\":null,\"resample\":2}"))
        .isEqualTo(ImagePreprocessing.stretch(32, 32));
  }

  /** int(224 / 0.875) = 256; from 384 on the picture is stretched. */
  @Test
  void convnextScalesByItsCropShare() {
    assertThat(read("{\"crop_pct\":0.875,\"size\":224,\"resample\":3,\"feature_extractor_type\":"
        + "\"ConvNextFeatureExtractor\"}")).isEqualTo(ImagePreprocessing.shortestEdge(256, 224, 224, Filter.BICUBIC));
    assertThat(read("{\"image_processor_type\":\"ConvNextImageProcessor\",\"size\":{\"shortest_edge\":300},"
        + "\"crop_pct\":0.95,\"resample\":2}"))
        .isEqualTo(ImagePreprocessing.shortestEdge(315, 300, 300, Filter.BILINEAR));
    assertThat(read("{\"image_processor_type\":\"ConvNextImageProcessor\",\"size\":{\"shortest_edge\":384}}"))
        .isEqualTo(ImagePreprocessing.stretch(384, 384).filtered(Filter.BICUBIC));
  }

  @Test
  void aSquareMayBeCut() {
    assertThat(
        read("{\"size\":{\"height\":256,\"width\":256},\"do_center_crop\":true,\"crop_size\":224,\"resample\":3}"))
        .isEqualTo(new ImagePreprocessing(224, 224, Fit.SQUARE, 1, Rgb.of(0.5f), Rgb.of(0.5f), Filter.BICUBIC, 256));
  }

  @Test
  void stepsCanBeSwitchedOff() {
    assertThat(read("{\"size\":8,\"do_normalize\":false}").mean()).isEqualTo(Rgb.of(0));
    assertThat(read("{\"size\":8,\"do_normalize\":false}").std()).isEqualTo(Rgb.of(1));
    // Without rescaling a level counts whole: 255 is 255, which is 1 / (1/255).
    assertThat(read("{\"size\":8,\"do_normalize\":false,\"do_rescale\":false}").std()).isEqualTo(Rgb.of(1 / 255f));
    assertThat(read("{\"do_resize\":false,\"do_center_crop\":true,\"crop_size\":6}").fit()).isEqualTo(Fit.CUT);
    ImagePreprocessing none = read("{\"do_resize\":false,\"size\":{\"shortest_edge\":5}}");
    assertThat(none).isEqualTo(
        new ImagePreprocessing(20, 10, Fit.NONE, 1, Rgb.of(0.5f), Rgb.of(0.5f), Filter.BILINEAR, 0));
    assertThatExceptionOfType(EncoderException.class).isThrownBy(() -> none.apply(columns(21, 10)))
        .withMessageContaining("takes pictures of 20 by 10 pixels but got 21 by 10");
  }

  @Test
  void aCombinedFileOfAProcessorIsReadToo() throws Exception {
    Files.writeString(folder.resolve("processor_config.json"), "{\"image_processor\":{\"size\":16}}");
    assertThat(PreprocessorConfig.read(folder, USUAL)).isEqualTo(ImagePreprocessing.stretch(16, 16));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "{\"size\":\"big\"} | size must be a whole number but is \"big\"",
    "{\"size\":0} | image size must be 1 to 4096 pixels a side but was 0 by 0",
    "{\"size\":8,\"resample\":9} | resample must be 0 to 5",
    "{\"size\":{\"longest_edge\":9}} | size must be a number or have height and width",
    "{\"size\":{\"shortest_edge\":9,\"longest_edge\":12}} | supported are shortest_edge alone",
    "{\"size\":{\"shortest_edge\":9}} | leaves pictures of different sizes",
    "{\"size\":8,\"image_std\":[0,1,1]} | standard deviations must be above 0",
    "{\"size\":8,\"image_std\":[1,1]} | image_std must be a number or three of them",
    "{\"size\":8,\"rescale_factor\":-1} | rescale_factor must be above 0",
    "{\"size\":8,\"crop_pct\":1.5} | crop_pct must be in (0, 1] but is 1.5", "[] | not a JSON object",
    "{ | no readable JSON"})
  void whatDoesNotFitIsNamed(String json, String message) {
    assertThatExceptionOfType(EncoderException.class).isThrownBy(() -> read(json))
        .withMessageContaining(message)
        .withMessageContaining("preprocessor_config.json")
        .satisfies(e -> assertThat(e.code()).isEqualTo("INVALID_CONFIG"));
  }

  @ParameterizedTest
  @EnumSource(value = Fit.class, names = {"STRETCH", "SHORTEST_EDGE", "SQUARE", "CUT"})
  void whatIsWrittenIsReadBack(Fit fit) {
    int edge = fit == Fit.SHORTEST_EDGE || fit == Fit.SQUARE ? 40 : 0;
    ImagePreprocessing one = new ImagePreprocessing(32, 24, fit, 1, new Rgb(0.1f, 0.2f, 0.3f), Rgb.of(0.7f),
        fit == Fit.CUT ? Filter.BILINEAR : Filter.LANCZOS, edge);
    assertThat(read(PreprocessorConfig.write(one))).isEqualTo(one);
  }

  /** 13 by 8 with an edge of 8: nothing is resized, and of the 5 columns too many 2 go on the left. */
  @Test
  void theMiddleBeginsAfterTheSmallerHalf() {
    Pixels cut = ImagePreprocessing.shortestEdge(8, 8, 8, Filter.BICUBIC).apply(columns(13, 8));
    assertThat(cut.value(0, 0, 0)).isEqualTo(20);
    assertThat(cut.value(0, 7, 7)).isEqualTo(90);
  }

  /** 5 by 5 in 8 by 8: 2 black columns on the left, 1 on the right. */
  @Test
  void aPictureThatIsTooSmallStandsInBlack() {
    Pixels cut = new ImagePreprocessing(8, 8, Fit.CUT, 1, Rgb.of(0), Rgb.of(1), Filter.BILINEAR, 0)
        .apply(columns(5, 5));
    assertThat(row(cut, 4)).containsExactly(0, 0, 0, 10, 20, 30, 40, 0);
    assertThat(row(cut, 1)).containsOnly(0);
    assertThat(row(cut, 7)).containsOnly(0);
  }

  /** 10 by 7 with an edge of 5: the longer side is int(5 · 10 / 7) = 7 pixels. */
  @Test
  void theLongerSideIsCutToWholePixels() {
    Pixels cut = ImagePreprocessing.shortestEdge(5, 7, 5, Filter.NEAREST).apply(columns(10, 7));
    assertThat(row(cut, 0)).containsExactly(0, 20, 30, 50, 60, 70, 90);
  }

  private ImagePreprocessing read(String json) {
    try {
      Files.writeString(folder.resolve(PreprocessorConfig.FILE), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return PreprocessorConfig.read(folder, USUAL);
  }

  private static int[] row(Pixels pixels, int y) {
    int[] row = new int[pixels.width()];
    for (int x = 0; x < row.length; x++) {
      row[x] = pixels.value(0, y, x);
    }
    return row;
  }

  /** Column x has the level 10 x. */
  private static BufferedImage columns(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, 10 * x * 0x010101);
      }
    }
    return image;
  }
}
