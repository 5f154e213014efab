package io.sfumato.encoders.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.image.ImagePreprocessing.Fit;
import io.sfumato.encoders.image.ImagePreprocessing.Rgb;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.ScriptFiles;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are not there, and what models say of their input. */
class ZooSourceTest {
  @Test
  void offlineAZooModelThatIsNotInTheCacheNamesTheRemedy() {
    assertThatThrownBy(() -> ZooEncoder.load("djl://ai.djl.pytorch/resnet/0.0.1/traced_resnet18"))
        .isInstanceOf(EncoderException.class)
        .hasMessageContaining("-Dai.djl.offline=false")
        .hasMessageContaining("local folder")
        .extracting("code")
        .isEqualTo("MODEL_NOT_FOUND_OFFLINE");
  }

  @Test
  void aFolderWithoutAModelIsNamed(@TempDir Path folder) {
    assertThatThrownBy(() -> ZooEncoder.load(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining(folder.toString())
        .extracting("code")
        .isEqualTo("MODEL_NOT_FOUND");
    assertThatThrownBy(() -> ZooEncoder.load(folder.resolve("absent"))).isInstanceOf(EncoderException.class)
        .hasMessageContaining("absent")
        .extracting("code")
        .isEqualTo("MODEL_NOT_FOUND");
  }

  @Test
  void aFileThatIsNoTorchScriptIsCorrupt(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve(folder.getFileName() + ".pt"), "no model");
    assertThatThrownBy(() -> ZooEncoder.load(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining(folder.toString())
        .extracting("code")
        .isEqualTo("CHECKPOINT_CORRUPT");
  }

  /** A module of two methods, neither of which is {@code forward}: means of the channels for images, nothing for texts. */
  @Test
  void ofATracedClipTheImagePartIsUsed(@TempDir Path folder) {
    ScriptFiles.write(folder.resolve(folder.getFileName() + ".pt"), """
      def get_image_features(self: __torch__.Script, x: Tensor) -> Tensor:
        return torch.mean(x, [2, 3])
      def get_text_features(self: __torch__.Script, ids: Tensor, mask: Tensor) -> Tensor:
        return torch.mul(ids, mask)
      """);
    try (ZooEncoder clip = ZooEncoder.load(folder); Scope scope = TensorRuntime.get().scope()) {
      assertThat(clip.dimension()).isEqualTo(3);
      assertThat(clip.preprocessing()).isEqualTo(ImagePreprocessing.shortestEdge(224, 224, 224, Filter.BICUBIC)
          .normalized(ClipVisionEncoder.MEAN, ClipVisionEncoder.STD));
      Pixels black = new Pixels(224, 224, new byte[3 * 224 * 224]);
      float[] vector = clip.forward(scope, List.of(black, black), null).toFloatArray();
      assertThat(vector).hasSize(6);
      assertThat(vector[1]).isCloseTo(-ClipVisionEncoder.MEAN.green() / ClipVisionEncoder.STD.green(), within(1e-4f));
      clip.save(folder.resolve("saved"));
    }
    try (ImageEncoder again = Encoders.load(folder.resolve("saved"), ImageEncoder.class)) {
      assertThat(again.dimension()).isEqualTo(3);
    }
  }

  @Test
  void aModuleThatTakesNoImageSaysWhatItIs(@TempDir Path folder) {
    ScriptFiles.write(folder.resolve(folder.getFileName() + ".pt"), """
      def forward(self: __torch__.Script, x: Tensor) -> Tensor:
        return torch.mean(x, [1])
      """);
    assertThatThrownBy(() -> ZooEncoder.load(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("maps images (1, 3, 224, 224) to (1, 224, 224) but one vector an image")
        .extracting("code")
        .isEqualTo("UNSUPPORTED_MODEL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"djl://ai.djl.pytorch/resnet", "djl://ai.djl.pytorch/resnet18_embedding",
    "https://resources.djl.ai/demo/pytorch/clip.zip"})
  void offlineEveryUrlNamesTheRemedy(String url) {
    assertThat(ZooEncoder.isUrl(url)).isTrue();
    assertThatThrownBy(() -> ZooEncoder.load(url)).isInstanceOf(EncoderException.class)
        .hasMessageContaining(url)
        .hasMessageContaining("-Dai.djl.offline=false")
        .extracting("code")
        .isEqualTo("MODEL_NOT_FOUND_OFFLINE");
  }

  @Test
  void theModelsArgumentsSayHowPicturesArePrepared() {
    ImagePreprocessing plain = ZooSource.preprocessing(Map.of("width", "64", "height", "32"), "m");
    assertThat(plain).isEqualTo(new ImagePreprocessing(64, 32, Fit.STRETCH, 1, Rgb.of(0), Rgb.of(1)));
    ImagePreprocessing imageNet = ZooSource.preprocessing(Map.of("centerCrop", "true", "normalize", "true"), "m");
    assertThat(imageNet.fit()).isEqualTo(Fit.CROP);
    assertThat(imageNet.width()).isEqualTo(224);
    assertThat(imageNet.mean()).isEqualTo(new Rgb(0.485f, 0.456f, 0.406f));
    assertThat(ZooSource.preprocessing(Map.of("normalize", "0,0,0,1,1,2"), "m").std()).isEqualTo(new Rgb(1, 1, 2));
    assertThatThrownBy(() -> ZooSource.preprocessing(Map.of("width", "wide"), "m")).isInstanceOf(EncoderException.class)
        .hasMessageContaining("wide");
  }
}
