package io.sfumato.encoders.checkpoint;

import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.Parameter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Parameters of a model to and from checkpoints, by name. */
public final class Weights {
  private static final int BLOCK = 1 << 16;

  private Weights() {}

  /**
   * Sets every parameter to the tensor of its name.
   *
   * @throws io.sfumato.encoders.EncoderException {@code TENSOR_MISSING} or {@code SHAPE_MISMATCH}, naming the tensor
   */
  public static void load(TensorSource source, List<Parameter> parameters) {
    for (Parameter parameter : parameters) {
      source.check(parameter.name(), parameter.shape().getShape());
      parameter.set(source.tensor(parameter.name()).values());
    }
  }

  /** Sets every parameter to the tensor of its name in a safetensors file; see {@link #load(TensorSource, List)}. */
  public static void load(Path file, List<Parameter> parameters) {
    try (SafeTensors source = SafeTensors.read(file)) {
      load(source, parameters);
    }
  }

  /** Writes all parameters into a safetensors file, whole or not at all. */
  public static void save(Path file, List<Parameter> parameters) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    Map<String, Parameter> byName = new HashMap<>();
    for (Parameter parameter : parameters) {
      if (shapes.put(parameter.name(), parameter.shape().getShape()) != null) {
        throw new IllegalArgumentException("two parameters are named '" + parameter.name() + "'");
      }
      byName.put(parameter.name(), parameter);
    }
    SafeTensors.write(file, shapes, name -> Objects.requireNonNull(byName.get(name)).toArray(),
        Map.of("format", "pt"), ElementType.F32);
  }

  /** The same of an encoder's layers, with the scale of its adapters, where it has any. */
  public static String fingerprint(byte[] description, Backbone backbone, List<Parameter> buffers) {
    FineTuning.Lora lora = backbone.adapters();
    String adapters = lora == null ? "" : "\nadapters of alpha " + lora.alpha();
    byte[] all = Arrays.copyOf(description, description.length + adapters.length());
    System.arraycopy(adapters.getBytes(StandardCharsets.UTF_8), 0, all, description.length, adapters.length());
    List<Parameter> values = new ArrayList<>(backbone.parameters());
    values.addAll(buffers);
    return fingerprint(all, values);
  }

  /**
   * The hexadecimal SHA-256 of a description and of all parameters' names, shapes and values.
   *
   * @param description everything beside the weights that decides what the model computes
   */
  public static String fingerprint(byte[] description, List<Parameter> parameters) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, description.length));
    digest.update(description);
    ByteBuffer block = ByteBuffer.allocate(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Parameter parameter : parameters) {
      digest.update((parameter + "\n").getBytes(StandardCharsets.UTF_8));
      float[] values = parameter.toArray();
      for (int from = 0; from < values.length; from += BLOCK) {
        int count = Math.min(BLOCK, values.length - from);
        block.clear().asFloatBuffer().put(values, from, count);
        digest.update(block.limit(count * Float.BYTES));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
