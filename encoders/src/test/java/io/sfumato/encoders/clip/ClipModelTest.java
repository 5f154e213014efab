package io.sfumato.encoders.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.TestFiles;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.image.ClipVisionEncoder;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.nn.Backward;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.encoders.text.ClipTextEncoder;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.encoders.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny CLIP against what transformers computes, whole and tower by tower. */
class ClipModelTest {
  private static final Path CLIP = TestFiles.resource("hf-tiny/clip");
  private static final Path CASES = CLIP.resolve("cases.safetensors");

  @TempDir
  Path folder;

  @Test
  void logitsAreThoseOfTransformersAlsoAfterSaving() throws IOException {
    try (ClipModel clip = ClipModel.load(CLIP)) {
      compare(clip);
      clip.save(folder);
    }
    try (ClipModel reopened = ClipModel.load(folder)) {
      compare(reopened);
      assertThat(Encoders.config(folder).path("text_config").path("vocab_size").asInt()).isEqualTo(505);
    }
  }

  private static void compare(ClipModel clip) throws IOException {
    try (Scope scope = TensorRuntime.get().scope(); SafeTensors cases = SafeTensors.read(CASES)) {
      List<TokenIds> tokens = TestFiles.texts("hf-tiny/clip/cases.json").stream().map(clip.text()::prepare).toList();
      NDArray pixels = scope.floats(cases.tensor("in.pixel_values").values(), cases.shape("in.pixel_values"));
      NDArray images = clip.image().forward(scope, pixels, null);
      NDArray texts = clip.text().forward(scope, tokens, null);
      float[] logits = clip.logitsPerImage(scope, images, texts).toFloatArray();
      float[] expected = cases.tensor("out.logits_per_image").values();
      assertThat(TestFiles.excess(images.toFloatArray(), cases.tensor("out.image_embeds").values(), 1e-5, 1e-5))
          .isLessThanOrEqualTo(1);
      assertThat(TestFiles.excess(logits, expected, 1e-5, 1e-5)).isLessThanOrEqualTo(1);
      float[][] plain = clip.logitsPerImage(rows(images), rows(texts));
      assertThat(TestFiles.excess(TestFiles.flat(plain), expected, 1e-5, 1e-5)).isLessThanOrEqualTo(1);
    }
  }

  private static float[][] rows(NDArray matrix) {
    int n = (int) matrix.getShape().get(0);
    int d = (int) matrix.getShape().get(1);
    float[] flat = matrix.toFloatArray();
    float[][] rows = new float[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = java.util.Arrays.copyOfRange(flat, i * d, (i + 1) * d);
    }
    return rows;
  }

  @Test
  void theKindSaysWhichTowerOpens() {
    try (TextEncoder text = Encoders.load(CLIP, TextEncoder.class);
        ImageEncoder image = Encoders.load(CLIP, ImageEncoder.class)) {
      assertThat(text).isInstanceOf(ClipTextEncoder.class);
      assertThat(image).isInstanceOf(ClipVisionEncoder.class);
      assertThat(text.dimension()).isEqualTo(image.dimension());
    }
    assertThatThrownBy(() -> Encoders.load(CLIP)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("ask for a TextEncoder or an ImageEncoder");
    assertThatThrownBy(() -> ClipModel.load(TestFiles.resource("hf-tiny/bert"))).isInstanceOf(EncoderException.class)
        .hasMessageContaining("'bert' is not 'clip'");
  }

  @Test
  void gradientsReachBothTowersAndTheScale() {
    try (ClipModel clip = ClipModel.load(CLIP);
        Scope scope = TensorRuntime.get().scope();
        SafeTensors cases = SafeTensors.read(CASES)) {
      assertThat(clip.parameters()).noneMatch(Parameter::trainable);
      clip.text().setTraining(FineTuning.full());
      clip.image().setTraining(FineTuning.full());
      clip.logScale().setTrainable(true);
      NDArray pixels = scope.floats(cases.tensor("in.pixel_values").values(), cases.shape("in.pixel_values"));
      NDArray texts = clip.text()
          .forward(scope, List.of(clip.text().prepare("red"), clip.text().prepare("a jacket")),
              null);
      NDArray logits = clip.logitsPerImage(scope, clip.image().forward(scope, pixels, null), texts);
      NDArray labels = scope.longs(new long[]{0, 1, 0}, 3);
      Backward.run(TensorRuntime.get().kernels().crossEntropy(scope, logits, labels).sum());
      assertThat(clip.parameters()).allSatisfy(p -> assertThat(p.gradient(scope)).as(p.name()).isNotNull());
    }
  }

  @Test
  void encodingIsThatOfTheTowers() throws IOException {
    List<String> texts = TestFiles.texts("hf-tiny/clip/cases.json");
    try (ClipModel clip = ClipModel.load(CLIP); TextEncoder text = Encoders.load(CLIP, TextEncoder.class)) {
      assertThat(clip.text().encode(texts, Progress.silent())).isDeepEqualTo(text.encode(texts, Progress.silent()));
      assertThat(clip.logitScale()).isGreaterThan(1);
    }
  }
}
