package io.sfumato.encoders.image;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Pair;
import ai.djl.util.Utils;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.image.ImagePreprocessing.Fit;
import io.sfumato.encoders.image.ImagePreprocessing.Rgb;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.encoders.runtime.TorchModule;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Where TorchScript models come from: DJL's model zoo and local folders, both through {@link Criteria}. */
final class ZooSource {
  private static final String ZOO = "djl://";
  private static final List<String> URLS = List.of(ZOO, "https://", "http://");
  private static final int DEFAULT_SIDE = 224;

  private ZooSource() {}

  /**
   * A model and what it says of its own input.
   *
   * @param arguments of {@code serving.properties} or of the zoo's metadata
   */
  record Loaded(TorchModule module, Map<String, String> arguments) {
    Loaded {
      arguments = Map.copyOf(arguments);
    }
  }

  static Loaded load(String urlOrFolder) {
    TensorRuntime runtime = TensorRuntime.get();
    Arguments arguments = new Arguments();
    Criteria.Builder<NDList, NDList> criteria = Criteria.builder()
        .setTypes(NDList.class, NDList.class)
        .optEngine("PyTorch")
        .optDevice(runtime.device())
        .optOption("trainParam", "true")
        .optOption("mapLocation", "true")
        .optTranslatorFactory(arguments);
    boolean zoo = isUrl(urlOrFolder);
    if (zoo) {
      criteria.optModelUrls(urlOrFolder);
    } else {
      criteria.optModelPath(folder(urlOrFolder));
    }
    try {
      return new Loaded(new TorchModule(criteria.build().loadModel()), arguments.values);
    } catch (MalformedModelException | EngineException e) {
      throw new EncoderException("CHECKPOINT_CORRUPT", urlOrFolder + ": no readable TorchScript model: " + firstLine(e),
          e);
    } catch (ModelNotFoundException | IOException | IllegalArgumentException | IllegalStateException e) {
      if (zoo && Utils.isOfflineMode()) {
        throw new EncoderException("MODEL_NOT_FOUND_OFFLINE",
            urlOrFolder + " is not in DJL's cache (" + Utils.getCacheDir() + ") and downloads are off: run once with"
                + " -Dai.djl.offline=false where there is the Internet, or give a local folder with the .pt file",
            e);
      }
      throw new EncoderException("MODEL_NOT_FOUND", "no model at " + urlOrFolder + ": " + firstLine(e), e);
    }
  }

  static boolean isUrl(String urlOrFolder) {
    return URLS.stream().anyMatch(urlOrFolder::startsWith);
  }

  /**
   * How a traced CLIP wants pictures: its own statistics and filter, where the model's arguments do not say otherwise.
   *
   * @param said what follows from the arguments
   */
  static ImagePreprocessing clip(ImagePreprocessing said, Map<String, String> arguments) {
    if (arguments.containsKey("normalize")) {
      return said;
    }
    return ImagePreprocessing
        .shortestEdge(Math.max(said.width(), said.height()), said.width(), said.height(), Filter.BICUBIC)
        .normalized(ClipVisionEncoder.MEAN, ClipVisionEncoder.STD);
  }

  /** What the model's arguments ask of pictures; see DJL's image translators for their meaning. */
  static ImagePreprocessing preprocessing(Map<String, String> arguments, String origin) {
    try {
      int width = Integer.parseInt(arguments.getOrDefault("width", String.valueOf(DEFAULT_SIDE)));
      int height = Integer.parseInt(arguments.getOrDefault("height", String.valueOf(DEFAULT_SIDE)));
      Fit fit = Boolean.parseBoolean(arguments.getOrDefault("centerCrop", "false")) ? Fit.CROP : Fit.STRETCH;
      Rgb mean = Rgb.of(0);
      Rgb std = Rgb.of(1);
      String normalize = arguments.getOrDefault("normalize", "false");
      if (normalize.equals("true")) {
        mean = new Rgb(0.485f, 0.456f, 0.406f);
        std = new Rgb(0.229f, 0.224f, 0.225f);
      } else if (!normalize.equals("false")) {
        float[] numbers = numbers(normalize);
        mean = new Rgb(numbers[0], numbers[1], numbers[2]);
        std = new Rgb(numbers[3], numbers[4], numbers[5]);
      }
      return new ImagePreprocessing(width, height, fit, 1, mean, std);
    } catch (IllegalArgumentException e) {
      throw new EncoderException("INVALID_CONFIG",
          origin + ": the model's arguments " + arguments + ": " + e.getMessage(), e);
    }
  }

  private static float[] numbers(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 6) {
      throw new IllegalArgumentException("normalize needs true, false or six numbers but is '" + text + "'");
    }
    float[] numbers = new float[parts.length];
    for (int i = 0; i < parts.length; i++) {
      numbers[i] = Float.parseFloat(parts[i].strip());
    }
    return numbers;
  }

  private static Path folder(String name) {
    Path folder = Path.of(name);
    try (Stream<Path> files = Files.list(folder)) {
      if (files.noneMatch(file -> file.toString().endsWith(".pt"))) {
        throw new EncoderException("MODEL_NOT_FOUND", "no TorchScript file (.pt) in the folder " + folder);
      }
      return folder;
    } catch (IOException e) {
      throw new EncoderException("MODEL_NOT_FOUND",
          "no model folder at " + folder + "; give a folder with a .pt file, or a URL that begins with one of " + URLS,
          e);
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }

  /** DJL shows a model's arguments only to the factory of its translator. */
  private static final class Arguments implements TranslatorFactory {
    final Map<String, String> values = new LinkedHashMap<>();

    @Override
    public Set<Pair<Type, Type>> getSupportedTypes() {
      return Set.of(new Pair<>(NDList.class, NDList.class));
    }

    @Override
    @SuppressWarnings("unchecked") // Only ever asked for the one pair of types above.
    public <I, O> Translator<I, O> newInstance(Class<I> input, Class<O> output, Model model, Map<String, ?> arguments) {
      arguments.forEach((key, value) -> values.put(key, String.valueOf(value)));
      return (Translator<I, O>) new NoopTranslator();
    }
  }
}
