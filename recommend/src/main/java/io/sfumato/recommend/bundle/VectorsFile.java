package io.sfumato.recommend.bundle;

import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.TensorValues;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.fusion.user.UserProfile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Item vectors and the user profile as safetensors, read without the tensor engine. Item vectors: {@code parts} [n, N, d], {@code weights} [n, N], {@code present} [n, N] (0 or 1), names of the
 * modalities in the header. User profile: {@code map} [d, d], {@code bias} [d]; history length and λ in the header.
 */
final class VectorsFile {
  private static final String MODALITIES = "modalities";

  private VectorsFile() {}

  static void write(Path file, ItemVectors vectors) {
    int n = vectors.size();
    int count = vectors.modalities().size();
    int d = vectors.dimension();
    float[] parts = new float[Math.multiplyExact(n, count * d)];
    float[] weights = new float[n * count];
    float[] present = new float[n * count];
    for (int item = 0; item < n; item++) {
      for (int m = 0; m < count; m++) {
        int at = item * count + m;
        System.arraycopy(vectors.part(m, item), 0, parts, at * d, d);
        weights[at] = vectors.weight(m, item);
        present[at] = vectors.present(m, item) ? 1 : 0;
      }
    }
    SafeTensors.write(file,
        List.of(new FloatTensor("parts", new long[]{n, count, d}, parts),
            new FloatTensor("weights", new long[]{n, count}, weights),
            new FloatTensor("present", new long[]{n, count}, present)),
        Map.of(MODALITIES, String.join(",", vectors.modalities())));
  }

  static ItemVectors read(Path file) {
    try (SafeTensors tensors = SafeTensors.read(file)) {
      long[] shape = tensors.shape("parts");
      List<String> modalities = Arrays.asList(tensors.metadata().getOrDefault(MODALITIES, "").split(","));
      if (shape.length != 3 || shape[0] < 1 || shape[1] != modalities.size() || shape[2] < 1
          || new HashSet<>(modalities).size() != modalities.size() || modalities.contains("")) {
        throw new IllegalArgumentException("item vectors of %s have the shape %s".formatted(modalities,
            Arrays.toString(shape)));
      }
      tensors.check("weights", shape[0], shape[1]);
      tensors.check("present", shape[0], shape[1]);
      float[] flags = tensors.tensor("present").values();
      boolean[] present = new boolean[flags.length];
      for (int i = 0; i < flags.length; i++) {
        present[i] = flags[i] != 0;
      }
      return new ItemVectors(modalities, Math.toIntExact(shape[2]), TensorValues.finite(tensors, "parts"),
          TensorValues.finite(tensors, "weights"), present);
    }
  }

  static void write(Path file, UserProfile profile) {
    int d = profile.dimension();
    SafeTensors.write(file,
        List.of(new FloatTensor("map", new long[]{d, d}, profile.map()),
            new FloatTensor("bias", new long[]{d}, profile.bias())),
        Map.of("history_length", Integer.toString(profile.historyLength()), "decay",
            Double.toString(profile.decay())));
  }

  static UserProfile readProfile(Path file) {
    try (SafeTensors tensors = SafeTensors.read(file)) {
      Map<String, String> header = tensors.metadata();
      return new UserProfile(Integer.parseInt(header.getOrDefault("history_length", "")),
          Double.parseDouble(header.getOrDefault("decay", "")), TensorValues.finite(tensors, "map"),
          TensorValues.finite(tensors, "bias"));
    }
  }
}
