package io.sfumato.recommend.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sfumato.datasets.DataException;
import io.sfumato.datasets.read.VectorTable;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.supplied.SuppliedEncoder;
import io.sfumato.fusion.Modality;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Files of vectors that stand in for an encoder: Parquet, or safetensors. */
public final class SuppliedVectors {
  private static final String TENSOR = "vectors";
  private static final String IDS = "item_ids";
  private static final int BLOCK = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private SuppliedVectors() {}

  /** The modality of a file of vectors. */
  static Modality<?, ?> open(String modality, String file) {
    VectorTable table = read(Path.of(file));
    SuppliedEncoder encoder = new SuppliedEncoder(modality, table.dimension(), sha256(Path.of(file)));
    return Modality.supplied(modality, encoder, item -> table.rows().get(item.id()));
  }

  /**
   * Reads a file, by its suffix.
   *
   * @throws DataException {@code NO_FILE}, {@code UNKNOWN_FORMAT}, {@code BAD_VALUE}, and what {@link VectorTable#parquet} says
   */
  public static VectorTable read(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!Files.isRegularFile(file)) {
      throw new DataException("NO_FILE", "there is no file " + file + " of vectors; give its path, or create it");
    }
    if (name.endsWith(".parquet")) {
      return VectorTable.parquet(file);
    }
    if (name.endsWith(".safetensors")) {
      return safetensors(file);
    }
    throw new DataException("UNKNOWN_FORMAT",
        "the format of %s is not known by its suffix; give vectors as .parquet or .safetensors".formatted(file));
  }

  /**
   * Writes a safetensors file of vectors, as {@link #read} takes it.
   *
   * @param ids of the items
   * @param vectors row-major [ids, dimension]
   */
  public static void write(Path file, List<String> ids, float[] vectors, int dimension) {
    try {
      SafeTensors.write(file, List.of(new FloatTensor(TENSOR, new long[]{ids.size(), dimension}, vectors)),
          Map.of(IDS, JSON.writeValueAsString(ids)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of texts can be written as JSON always", e);
    }
  }

  private static VectorTable safetensors(Path file) {
    try (SafeTensors tensors = SafeTensors.read(file)) {
      String[] ids = JSON.readValue(tensors.metadata().getOrDefault(IDS, "[]"), String[].class);
      FloatTensor tensor = tensors.tensor(TENSOR);
      long[] shape = tensor.shape();
      if (shape.length != 2 || shape[0] != ids.length || ids.length == 0 || shape[1] == 0) {
        throw new DataException("BAD_VALUE",
            "%s must have a tensor '%s' [items, length] and as many ids in its header's '%s' but has shape %s and %d ids"
                .formatted(file, TENSOR, IDS, Arrays.toString(shape), ids.length));
      }
      int dimension = Math.toIntExact(shape[1]);
      Map<String, float[]> rows = HashMap.newHashMap(ids.length);
      for (int i = 0; i < ids.length; i++) {
        float[] row = Arrays.copyOfRange(tensor.values(), i * dimension, (i + 1) * dimension);
        for (float value : row) {
          if (!Float.isFinite(value)) {
            throw new DataException("BAD_VALUE",
                "the vector of item '%s' in %s has the value %s; leave the item out instead".formatted(ids[i], file,
                    value));
          }
        }
        if (rows.put(ids[i], row) != null) {
          throw new DataException("BAD_VALUE",
              "%s has two vectors of item '%s'; leave one of them out".formatted(file, ids[i]));
        }
      }
      return new VectorTable(dimension, rows);
    } catch (JsonProcessingException e) {
      throw new DataException("BAD_VALUE",
          "the header of %s has '%s' that is no JSON list of texts: %s".formatted(file, IDS, e.getOriginalMessage()),
          e);
    }
  }

  /** The hash of a file, so that vectors of another model are not taken for these. */
  private static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] block = new byte[BLOCK];
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        digest.update(block, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new DataException("UNREADABLE_FILE", file + " cannot be read: " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
