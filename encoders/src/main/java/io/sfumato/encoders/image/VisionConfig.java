package io.sfumato.encoders.image;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.EncoderException;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code config.json} of an image model, read field by field with checks; what is wrong is {@code INVALID_CONFIG} and
 * names the field.
 *
 * @param model said in messages, such as {@code ViT}
 */
record VisionConfig(String model, JsonNode json) {
  /** Beyond this a size is surely a mistake, and would ask for absurd memory. */
  private static final int MAX = 1 << 16;

  /** Height and width where a configuration is silent. */
  static final int IMAGE_SIZE = 224;

  /** A whole number from 1 to {@value #MAX}; transformers leaves a field out of the file where it has its usual value. */
  int positive(String field, int whenAbsent) {
    JsonNode node = json.path(field);
    return node.isMissingNode() || node.isNull() ? whenAbsent : positive(field, node);
  }

  /** Whole numbers from 1 to {@value #MAX}, one at least. */
  List<Integer> positives(String field, List<Integer> whenAbsent) {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return whenAbsent;
    }
    if (!node.isArray() || node.isEmpty() || node.size() > MAX) {
      throw invalid(field + " must be a list of whole numbers but is " + shown(node));
    }
    List<Integer> values = new ArrayList<>();
    node.forEach(value -> values.add(positive(field, value)));
    return List.copyOf(values);
  }

  /** Height and width, of one number or of a list of two. */
  int[] sides(String field, int whenAbsent) {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return new int[]{whenAbsent, whenAbsent};
    }
    if (node.isArray()) {
      if (node.size() != 2) {
        throw invalid(field + " must be a number or a list of height and width but is " + shown(node));
      }
      return new int[]{positive(field, node.get(0)), positive(field, node.get(1))};
    }
    int side = positive(field, node);
    return new int[]{side, side};
  }

  /** A number in (0, 1), such as what is added to a variance. */
  double eps(String field, double whenAbsent) {
    double value = json.path(field).asDouble(whenAbsent);
    if (!(value > 0 && value < 1)) {
      throw invalid(field + " must be between 0 and 1 but is " + shown(json.path(field)));
    }
    return value;
  }

  boolean flag(String field, boolean whenAbsent) {
    return json.path(field).asBoolean(whenAbsent);
  }

  String text(String field, String whenAbsent) {
    return json.path(field).asText(whenAbsent);
  }

  /** Pictures have three channels here. */
  void checkChannels() {
    int channels = positive("num_channels", Pixels.CHANNELS);
    if (channels != Pixels.CHANNELS) {
      throw new EncoderException("UNSUPPORTED_MODEL",
          model + " with num_channels " + channels + " is not supported; supported are " + Pixels.CHANNELS);
    }
  }

  /** Square patches of which a whole number covers the picture: their side and how many there are. */
  Patches patches(int patchWhenAbsent) {
    int[] image = sides("image_size", IMAGE_SIZE);
    int[] patch = sides("patch_size", patchWhenAbsent);
    if (patch[0] != patch[1]) {
      throw new EncoderException("UNSUPPORTED_MODEL", model + " with patches of " + patch[0] + " by " + patch[1]
          + " pixels is not supported; supported are square ones");
    }
    if (image[0] % patch[0] != 0 || image[1] % patch[0] != 0) {
      throw invalid("image_size " + image[0] + " by " + image[1] + " is not divisible by patch_size " + patch[0]);
    }
    return new Patches(image[0], image[1], patch[0]);
  }

  /** What a convolution makes of patches, [n, width, h, w], as a sequence, [n, h · w, width]. */
  static NDArray sequence(NDArray x) {
    return x.reshape(x.getShape().get(0), x.getShape().get(1), -1).transpose(0, 2, 1);
  }

  EncoderException invalid(String what) {
    return new EncoderException("INVALID_CONFIG", model + " configuration: " + what);
  }

  private int positive(String field, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < 1 || node.asInt() > MAX) {
      throw invalid(field + " must be a whole number from 1 to " + MAX + " but is " + shown(node));
    }
    return node.asInt();
  }

  private static String shown(JsonNode node) {
    String text = node.isMissingNode() ? "missing" : node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  /**
   * How a picture is cut.
   *
   * @param height of the picture, in pixels
   * @param width of the picture, in pixels
   * @param side of a patch, in pixels
   */
  record Patches(int height, int width, int side) {
    int count() {
      return height / side * (width / side);
    }
  }
}
