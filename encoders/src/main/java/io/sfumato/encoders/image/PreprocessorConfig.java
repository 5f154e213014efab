package io.sfumato.encoders.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.image.ImagePreprocessing.Fit;
import io.sfumato.encoders.image.ImagePreprocessing.Rgb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code preprocessor_config.json}, in which a Hugging Face folder says how pictures are prepared: the image processors of
 * ViT, CLIP, BiT, DeiT and ConvNeXT, slow and fast. Where a folder has only a {@code processor_config.json}, its part
 * {@code image_processor} is read.
 */
public final class PreprocessorConfig {
  /** The file's name. */
  public static final String FILE = "preprocessor_config.json";

  private static final String COMBINED = "processor_config.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** From here on ConvNeXT's processor stretches instead of cutting. */
  private static final int CONVNEXT_STRETCHES_FROM = 384;

  private PreprocessorConfig() {}

  /**
   * Reads a folder's file.
   *
   * @param whenAbsent what holds where there is none; of the model's own size
   * @throws EncoderException {@code INVALID_CONFIG} naming the field that does not fit
   */
  public static ImagePreprocessing read(Path folder, ImagePreprocessing whenAbsent) {
    Path file = folder.resolve(FILE);
    if (Files.isRegularFile(file)) {
      return parse(tree(file), file.toString(), whenAbsent);
    }
    Path combined = folder.resolve(COMBINED);
    if (Files.isRegularFile(combined) && tree(combined).path("image_processor").isObject()) {
      return parse(tree(combined).path("image_processor"), combined.toString(), whenAbsent);
    }
    return whenAbsent;
  }

  private static JsonNode tree(Path file) {
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new EncoderException("INVALID_CONFIG", file + ": no readable JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot read " + file + ": " + e, e);
    }
  }

  static ImagePreprocessing parse(JsonNode json, String origin, ImagePreprocessing model) {
    try {
      return parse(json, model);
    } catch (IllegalArgumentException e) {
      throw new EncoderException("INVALID_CONFIG", origin + ": " + e.getMessage(), e);
    }
  }

  private static ImagePreprocessing parse(JsonNode json, ImagePreprocessing model) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("not a JSON object");
    }
    String type = json.path("image_processor_type").asText(json.path("feature_extractor_type").asText(""));
    boolean convnext = type.startsWith("ConvNext") || json.hasNonNull("crop_pct");
    boolean square = !(convnext || type.startsWith("CLIP") || type.startsWith("Bit") || json.hasNonNull("crop_size"));
    ImagePreprocessing sized = json.path("do_resize").asBoolean(true)
        ? resized(json, convnext, square)
        : unscaled(json, model);
    double rescale = json.path("do_rescale").asBoolean(true) ? number(json, "rescale_factor", 1 / 255.0) * 255 : 255;
    if (!(rescale > 0)) {
      throw new IllegalArgumentException("rescale_factor must be above 0 but is " + json.path("rescale_factor"));
    }
    boolean normalize = json.path("do_normalize").asBoolean(true);
    Rgb mean = normalize ? rgb(json, "image_mean", type.startsWith("CLIP") ? ClipVisionEncoder.MEAN : Rgb.of(0.5f))
        : Rgb.of(0);
    Rgb std = normalize ? rgb(json, "image_std", type.startsWith("CLIP") ? ClipVisionEncoder.STD : Rgb.of(0.5f))
        : Rgb.of(1);
    // (level · f − mean) / std = (level/255 − mean/255f) / (std/255f)
    boolean usual = Math.abs(rescale - 1) < 1e-6;
    return sized.normalized(usual ? mean : divided(mean, rescale), usual ? std : divided(std, rescale));
  }

  private static ImagePreprocessing resized(JsonNode json, boolean convnext, boolean square) {
    boolean cubic = convnext || !square;
    Filter filter = Filter.of(whole(json, "resample", cubic ? Filter.BICUBIC.code() : Filter.BILINEAR.code()));
    JsonNode size = json.path("size");
    int edge = 0;
    int[] sides = null;
    if (size.isNumber() && !square) {
      edge = whole(json, "size", 0);
    } else if (size.has("shortest_edge") && !size.path("shortest_edge").isNull()) {
      if (size.hasNonNull("longest_edge")) {
        throw new IllegalArgumentException("size with shortest_edge and longest_edge is not supported: " + size
            + "; supported are shortest_edge alone, height and width, or a number");
      }
      edge = whole(size, "shortest_edge", 0);
    } else if (size.isMissingNode() || size.isNull()) {
      edge = square ? 0 : convnext ? CONVNEXT_STRETCHES_FROM : 224;
      sides = square ? new int[]{224, 224} : null;
    } else {
      sides = sides(json, "size");
    }
    if (convnext) {
      return convnext(json, sides == null ? edge : sides[0], filter);
    }
    boolean cut = json.path("do_center_crop").asBoolean(!square);
    if (sides != null) {
      return cut ? cutAfter(sides, sides(json, "crop_size"), filter)
          : ImagePreprocessing.stretch(sides[1], sides[0]).filtered(filter);
    }
    if (!cut) {
      throw new IllegalArgumentException("size " + size + " without do_center_crop leaves pictures of different sizes,"
          + " which is not supported; give height and width, or do_center_crop and crop_size");
    }
    int[] crop = json.hasNonNull("crop_size") ? sides(json, "crop_size") : new int[]{edge, edge};
    return ImagePreprocessing.shortestEdge(edge, crop[1], crop[0], filter);
  }

  private static ImagePreprocessing convnext(JsonNode json, int side, Filter filter) {
    if (side >= CONVNEXT_STRETCHES_FROM) {
      return ImagePreprocessing.stretch(side, side).filtered(filter);
    }
    double kept = number(json, "crop_pct", 224 / 256.0);
    if (!(kept > 0 && kept <= 1)) {
      throw new IllegalArgumentException("crop_pct must be in (0, 1] but is " + kept);
    }
    return ImagePreprocessing.shortestEdge((int) (side / kept), side, side, filter);
  }

  private static ImagePreprocessing cutAfter(int[] sides, int[] crop, Filter filter) {
    if (sides[0] == crop[0] && sides[1] == crop[1]) {
      return ImagePreprocessing.stretch(crop[1], crop[0]).filtered(filter);
    }
    if (sides[0] != sides[1]) {
      throw new IllegalArgumentException("size " + sides[0] + " by " + sides[1]
          + " before a cut is not supported; supported are squares and shortest_edge");
    }
    return new ImagePreprocessing(crop[1], crop[0], Fit.SQUARE, 1, Rgb.of(0.5f), Rgb.of(0.5f), filter, sides[0]);
  }

  /** Pictures that are only cut, or that have the model's size already. */
  private static ImagePreprocessing unscaled(JsonNode json, ImagePreprocessing model) {
    boolean cut = json.path("do_center_crop").asBoolean(false);
    int[] sides = cut ? sides(json, "crop_size") : new int[]{model.height(), model.width()};
    return new ImagePreprocessing(sides[1], sides[0], cut ? Fit.CUT : Fit.NONE, 1, Rgb.of(0.5f), Rgb.of(0.5f),
        Filter.BILINEAR, 0);
  }

  /**
   * The file that {@link #read} and Hugging Face's image processors read.
   *
   * @throws EncoderException {@code INVALID_CONFIG} for {@link Fit#CROP} and {@link Fit#LETTERBOX}, which no image processor
   *     has
   */
  public static String write(ImagePreprocessing preprocessing) {
    boolean stretch = preprocessing.fit() == Fit.STRETCH || preprocessing.fit() == Fit.NONE;
    ObjectNode json = JSON.createObjectNode();
    json.put("image_processor_type", stretch ? "ViTImageProcessor" : "CLIPImageProcessor");
    json.put("do_convert_rgb", true);
    json.put("do_resize", preprocessing.fit() != Fit.NONE && preprocessing.fit() != Fit.CUT);
    switch (preprocessing.fit()) {
      case STRETCH, NONE -> put(json, "size", preprocessing.height(), preprocessing.width());
      case SHORTEST_EDGE -> json.putObject("size").put("shortest_edge", preprocessing.edge());
      case SQUARE -> put(json, "size", preprocessing.edge(), preprocessing.edge());
      case CUT -> put(json, "size", preprocessing.height(), preprocessing.width());
      case CROP, LETTERBOX -> throw new EncoderException("INVALID_CONFIG", "no image processor of Hugging Face prepares"
          + " pictures by " + preprocessing.fit() + ": take STRETCH or SHORTEST_EDGE");
    }
    json.put("resample", preprocessing.filter().code());
    json.put("do_center_crop", !stretch);
    if (!stretch) {
      put(json, "crop_size", preprocessing.height(), preprocessing.width());
    }
    json.put("do_rescale", true).put("rescale_factor", 1 / 255.0).put("do_normalize", true);
    put(json, "image_mean", preprocessing.mean());
    put(json, "image_std", preprocessing.std());
    return json.toPrettyString() + "\n";
  }

  private static void put(ObjectNode json, String field, int height, int width) {
    json.putObject(field).put("height", height).put("width", width);
  }

  private static void put(ObjectNode json, String field, Rgb values) {
    ArrayNode array = json.putArray(field);
    for (float value : values.toArray()) {
      array.add(value);
    }
  }

  /** Height and width, of a number or of an object. */
  private static int[] sides(JsonNode json, String field) {
    JsonNode node = json.path(field);
    if (node.isObject()) {
      if (!node.has("height") || !node.has("width")) {
        throw new IllegalArgumentException(field + " must be a number or have height and width but is " + node);
      }
      return new int[]{whole(node, "height", 0), whole(node, "width", 0)};
    }
    int side = whole(json, field, 0);
    return new int[]{side, side};
  }

  private static int whole(JsonNode json, String field, int whenAbsent) {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return whenAbsent;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw new IllegalArgumentException(field + " must be a whole number but is " + node);
    }
    return node.asInt();
  }

  private static double number(JsonNode json, String field, double whenAbsent) {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return whenAbsent;
    }
    if (!node.isNumber()) {
      throw new IllegalArgumentException(field + " must be a number but is " + node);
    }
    return node.asDouble();
  }

  private static Rgb rgb(JsonNode json, String field, Rgb whenAbsent) {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return whenAbsent;
    }
    if (node.isNumber()) {
      return Rgb.of((float) node.asDouble());
    }
    if (!node.isArray() || node.size() != Pixels.CHANNELS || !node.get(0).isNumber() || !node.get(1).isNumber()
        || !node.get(2).isNumber()) {
      throw new IllegalArgumentException(field + " must be a number or three of them but is " + node);
    }
    return new Rgb((float) node.get(0).asDouble(), (float) node.get(1).asDouble(), (float) node.get(2).asDouble());
  }

  private static Rgb divided(Rgb values, double by) {
    return new Rgb((float) (values.red() / by), (float) (values.green() / by), (float) (values.blue() / by));
  }
}
