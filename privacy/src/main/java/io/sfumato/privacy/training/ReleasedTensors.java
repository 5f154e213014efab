package io.sfumato.privacy.training;

import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.nn.Parameter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The numbers that one release made public, kept so that the hash in its ledger entry can be checked against them for as long as the model lives. On disk they are one safetensors file whose name is the
 * hash. Plain Java but for {@link #of}; immutable as long as nobody changes the arrays, which are handed over.
 *
 * @param tensors in the order in which they are hashed
 */
public record ReleasedTensors(List<FloatTensor> tensors) {
  private static final String SUFFIX = ".safetensors";
  private static final int BLOCK = 1 << 16;

  public ReleasedTensors {
    tensors = List.copyOf(tensors);
  }

  /**
   * The values that trainable parameters have now: what the last private step made of them.
   *
   * @param parameters by what their names are to begin with, in the order in which they are hashed
   */
  public static ReleasedTensors of(Map<String, ? extends Collection<Parameter>> parameters) {
    List<FloatTensor> tensors = new ArrayList<>();
    parameters.forEach((prefix, own) -> {
      for (Parameter parameter : own) {
        if (parameter.trainable()) {
          tensors.add(
              new FloatTensor(prefix + parameter.name(), parameter.shape().getShape(), parameter.toArray()));
        }
      }
    });
    return new ReleasedTensors(tensors);
  }

  /** SHA-256, lower-case hex, over each tensor in order: its name, a line feed, its shape such as {@code [3, 4]}, a line feed, and its values as little-endian float32. */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer block = ByteBuffer.allocate(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (FloatTensor tensor : tensors) {
        String heading = tensor.name() + '\n' + Arrays.toString(tensor.shape()) + '\n';
        digest.update(heading.getBytes(StandardCharsets.UTF_8));
        float[] values = tensor.values();
        for (int from = 0; from < values.length; from += BLOCK) {
          int count = Math.min(BLOCK, values.length - from);
          block.clear().asFloatBuffer().put(values, from, count);
          digest.update(block.limit(count * Float.BYTES));
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The file in a directory that holds what hashes to {@code sha256}. */
  public static Path file(Path directory, String sha256) {
    return directory.resolve(sha256 + SUFFIX);
  }

  /** Writes them to a directory under the name of their hash; a file of that name is what they are already. */
  public void write(Path directory) {
    Path file = file(directory, sha256());
    if (!Files.exists(file)) {
      SafeTensors.write(file, tensors, Map.of());
    }
  }

  /**
   * Reads what {@link #write} wrote; whether it has the hash that the file's name says is for the caller to check.
   *
   * @throws io.sfumato.encoders.EncoderException where there is no such file or it is damaged
   */
  public static ReleasedTensors read(Path file) {
    try (SafeTensors open = SafeTensors.read(file)) {
      return new ReleasedTensors(open.names().stream().map(open::tensor).toList());
    }
  }
}
