package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.checkpoint.Checkpoint;
import io.sfumato.encoders.checkpoint.Checkpoints;
import io.sfumato.encoders.checkpoint.TensorSource;
import io.sfumato.encoders.nn.Layer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What loading a text encoder takes, whatever its architecture: files opened in order, and closed where one fails. */
final class LoadSteps {
  private static final String OLD_SCALE = "LayerNorm.gamma";
  private static final String OLD_SHIFT = "LayerNorm.beta";

  private LoadSteps() {}

  /** Makes an encoder whose weights are still to be set. */
  @FunctionalInterface
  interface Maker<E extends TransformerTextEncoder> {
    /** Checks that the weights fit, then takes over tokenizer and head. */
    E make(TensorSource weights, TransformerTextEncoder.Reader reader, SentenceHead head);
  }

  /** Opens weights, tokenizer and modules of a folder; a sentence-transformers folder's own head is taken. */
  static <E extends TransformerTextEncoder> E load(TextFolder folder, TransformerConfig config,
      UnaryOperator<String> names, Maker<E> maker) {
    try (Checkpoint checkpoint = Checkpoints.open(folder.model())) {
      TensorSource weights = checkpoint.renamed(names);
      TextReading reading = folder.reading(config.longest());
      TransformerTextEncoder.Reader reader = folder.reader(reading);
      SentenceHead head;
      try {
        head = SentenceModules.read(folder.root(), config.width());
      } catch (RuntimeException e) {
        reader.tokenizer().close();
        throw e;
      }
      JsonNode own = folder.config().path("sfumato").path("normalize");
      SentenceHead wanted = own.isBoolean() && head.isPlainMean() ? head.normalizing(own.asBoolean()) : head;
      return load(weights, reader.tokenizer(), wanted, () -> maker.make(weights, reader, wanted));
    }
  }

  /** Makes an encoder and sets its weights; tokenizer, head and encoder are closed where that fails. */
  static <E extends TransformerTextEncoder> E load(TensorSource weights, HfTokenizer tokenizer, SentenceHead head,
      Supplier<E> maker) {
    E encoder;
    try {
      encoder = maker.get();
    } catch (RuntimeException e) {
      tokenizer.close();
      head.layers().forEach(Layer::close);
      throw e;
    }
    try {
      encoder.load(weights);
      return encoder;
    } catch (RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  /**
   * From a checkpoint's names to the model's own: without the prefix that checkpoints of larger models have, and with
   * the norms' names of today where it is old.
   */
  static UnaryOperator<String> names(String prefix) {
    return name -> {
      String plain = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
      if (plain.endsWith(OLD_SCALE)) {
        return plain.substring(0, plain.length() - OLD_SCALE.length()) + "LayerNorm.weight";
      }
      return plain.endsWith(OLD_SHIFT) ? plain.substring(0, plain.length() - OLD_SHIFT.length()) + "LayerNorm.bias"
          : plain;
    };
  }

  /** A configuration as it was read, for the encoder alone and for weights in float32. */
  static ObjectNode config(JsonNode original, String architecture) {
    ObjectNode config = original.deepCopy();
    config.remove("sfumato");
    config.putArray("architectures").add(architecture);
    for (String key : new String[]{"dtype", "torch_dtype"}) {
      if (config.has(key)) {
        config.put(key, "float32");
      }
    }
    return config;
  }
}
