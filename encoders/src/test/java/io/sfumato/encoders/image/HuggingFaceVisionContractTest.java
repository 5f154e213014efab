package io.sfumato.encoders.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.EncoderContract;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.TestFiles;
import io.sfumato.encoders.checkpoint.SafeTensors;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** What every encoder must do, for those from Hugging Face folders. */
class HuggingFaceVisionContractTest {
  @Nested
  class VisionTransformer extends EncoderContract<BufferedImage, Pixels> {
    @Override
    protected ViTEncoder open() {
      return ViTEncoder.loadFolder(TestFiles.resource("hf-tiny/vit"));
    }

    @Override
    protected List<BufferedImage> inputs() {
      return Pictures.five();
    }
  }

  @Nested
  class ClipVision extends EncoderContract<BufferedImage, Pixels> {
    @Override
    protected ClipVisionEncoder open() {
      return ClipVisionEncoder.loadFolder(TestFiles.resource("hf-tiny/clip"));
    }

    @Override
    protected List<BufferedImage> inputs() {
      return Pictures.five();
    }
  }

  @Nested
  class ResNetOfBasicBlocks extends EncoderContract<BufferedImage, Pixels> {
    @Override
    protected HfResNetEncoder open() {
      return small("resnet-basic");
    }

    @Override
    protected List<BufferedImage> inputs() {
      return Pictures.five();
    }
  }

  @Nested
  class ResNetOfBottlenecks extends EncoderContract<BufferedImage, Pixels> {
    @Override
    protected HfResNetEncoder open() {
      return small("resnet-bottleneck");
    }

    @Override
    protected List<BufferedImage> inputs() {
      return Pictures.five();
    }
  }

  /** Reads smaller pictures than the usual ones, to be quick. */
  private static HfResNetEncoder small(String model) {
    Path folder = TestFiles.resource("hf-tiny/" + model);
    JsonNode config = Encoders.config(folder);
    try (SafeTensors weights = SafeTensors.read(folder.resolve("model.safetensors"))) {
      return HfResNetEncoder.of(config, ImagePreprocessing.shortestEdge(72, 64, 64, Filter.BICUBIC), weights);
    }
  }
}
