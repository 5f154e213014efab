package io.sfumato.recommend.collaborative;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sfumato.datasets.Attributes;
import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.linalg.Eigen;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an item's content becomes a row of features, the same for a catalogue and for an item that comes later: a block a modality, the encoder's output at unit length, and, where there is text, a block of the 256 most
 * frequent attribute values that five items or more have, 0.3 for each that the item has (an item has several, and a vector has length 1).
 *
 * <p>Of more than {@value #ALL_COLUMNS_BELOW} items, a block of more than {@value #WIDTH} columns is projected on its {@value #WIDTH} leading directions (principal components, of a sample of the items), so that
 * memory is bounded by that many values an item and block; the log says so.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class ContentSpace {
  /** Up to this many items, blocks keep all their columns. */
  public static final int ALL_COLUMNS_BELOW = 20_000;
  /** Columns that a block is projected to otherwise. */
  public static final int WIDTH = 64;
  /** The name of the block of attribute values. */
  public static final String ATTRIBUTES = "attributes";

  private static final Logger LOG = LoggerFactory.getLogger(ContentSpace.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final float ATTRIBUTE_SCALE = 0.3f;
  private static final int MAX_VALUES = 256;
  private static final int MIN_ITEMS = 5;
  private static final int SAMPLE = 20_000;
  private static final int ROUNDS = 30;

  /** Encoders have at most some thousand outputs, and the vocabulary of attributes is limited too. */
  private static final int MAX_INPUTS = 1 << 20;

  /** A block: so many inputs, and its directions where it is projected, each of that length. */
  @SuppressWarnings("ArrayRecordComponent") // inside this class alone, never compared
  private record Block(String name, int inputs, float @Nullable [][] directions) {
    int width() {
      return directions == null ? inputs : directions.length;
    }
  }

  private final List<Block> blocks;
  private final List<String> vocabulary;
  private final Map<String, Integer> columns = new HashMap<>();

  private ContentSpace(List<Block> blocks, List<String> vocabulary) {
    this.blocks = List.copyOf(blocks);
    this.vocabulary = List.copyOf(vocabulary);
    for (String value : vocabulary) {
      columns.put(value, columns.size());
    }
  }

  /**
   * The space of a catalogue.
   *
   * @param encoded what each encoder says, by modality: a row an item, null where it lacks the modality
   */
  public static ContentSpace fit(Map<String, float[] @Nullable []> encoded, Catalog catalog) {
    boolean wide = catalog.size() > ALL_COLUMNS_BELOW;
    List<Block> blocks = new ArrayList<>();
    encoded.forEach((name, rows) -> {
      int inputs = 0;
      for (float[] row : rows) {
        inputs = row == null ? inputs : row.length;
      }
      Block whole = new Block(name, inputs, null);
      blocks.add(wide && inputs > WIDTH ? projected(whole, sample(rows)) : whole);
    });
    List<String> vocabulary = encoded.containsKey("text") ? vocabulary(catalog) : List.of();
    if (!vocabulary.isEmpty()) {
      Block whole = new Block(ATTRIBUTES, vocabulary.size(), null);
      ContentSpace plain = new ContentSpace(List.of(whole), vocabulary);
      blocks.add(wide && vocabulary.size() > WIDTH ? projected(whole, plain.sample(catalog)) : whole);
    }
    return new ContentSpace(blocks, vocabulary);
  }

  private static Block projected(Block block, List<float[]> rows) {
    int d = block.inputs();
    double[] mean = new double[d];
    for (float[] row : rows) {
      for (int k = 0; k < d; k++) {
        mean[k] += row[k] / rows.size();
      }
    }
    float[][] centred = new float[rows.size()][d];
    for (int i = 0; i < centred.length; i++) {
      for (int k = 0; k < d; k++) {
        centred[i][k] = (float) (rows.get(i)[k] - mean[k]);
      }
    }
    LOG.info("content features '{}': {} columns are projected on {} leading directions", block.name(), d, WIDTH);
    return new Block(block.name(), d,
        Eigen.leading(Dense.columnGram(centred), d, WIDTH, 0, ROUNDS, block.name().hashCode()).vectors());
  }

  /** Unit rows of some items that have the modality, spread over the catalogue. */
  private static List<float[]> sample(float[] @Nullable [] rows) {
    int[] present = IntStream.range(0, rows.length).filter(i -> rows[i] != null).toArray();
    List<float[]> sample = new ArrayList<>();
    for (int i = 0; i < Math.min(SAMPLE, present.length); i++) {
      float[] row = rows[present[(int) ((long) i * present.length / Math.min(SAMPLE, present.length))]];
      float[] unit = new float[row == null ? 0 : row.length];
      addUnit(row, unit, 0);
      sample.add(unit);
    }
    return sample;
  }

  private List<float[]> sample(Catalog catalog) {
    List<float[]> sample = new ArrayList<>();
    int count = Math.min(SAMPLE, catalog.size());
    for (int i = 0; i < count; i++) {
      sample.add(row(catalog.item((int) ((long) i * catalog.size() / count)), Map.of()));
    }
    return sample;
  }

  private static List<String> vocabulary(Catalog catalog) {
    Map<String, Integer> frequency = new HashMap<>();
    catalog.forEach(item -> values(item.attributes()).forEach(value -> frequency.merge(value, 1, Integer::sum)));
    return frequency.entrySet()
        .stream()
        .filter(value -> value.getValue() >= MIN_ITEMS && value.getValue() < catalog.size())
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
        .limit(MAX_VALUES)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<String> values(Map<String, String> attributes) {
    List<String> all = new ArrayList<>();
    attributes.forEach((name, value) -> Attributes.values(value).forEach(v -> all.add(name + "=" + v)));
    return all;
  }

  /** The number of columns. */
  public int width() {
    return blocks.stream().mapToInt(Block::width).sum();
  }

  /**
   * The features of a catalogue's items.
   *
   * @param encoded as in {@link #fit}
   */
  public ContentFeatures features(Map<String, float[] @Nullable []> encoded, Catalog catalog) {
    float[][] rows = new float[catalog.size()][];
    IntStream.range(0, rows.length).parallel().forEach(item -> {
      Map<String, float[]> own = new HashMap<>();
      encoded.forEach((name, vectors) -> {
        float[] vector = vectors[item];
        if (vector != null) {
          own.put(name, vector);
        }
      });
      rows[item] = row(catalog.item(item), own);
    });
    return new ContentFeatures(blocks.stream().map(Block::name).toList(), blocks.stream().map(Block::width).toList(),
        rows);
  }

  /**
   * The features of an item.
   *
   * @param encoded what encoders say of it, by modality; none for one that it lacks
   * @return {@link #width} values, zeros in the blocks that it lacks
   * @throws EncoderException {@code SHAPE_MISMATCH} where an encoder's output has another length than those of the catalogue
   */
  public float[] row(Item item, Map<String, float[]> encoded) {
    float[] row = new float[width()];
    int from = 0;
    for (Block block : blocks) {
      float[][] directions = block.directions();
      float[] input = directions == null ? row : new float[block.inputs()];
      int at = directions == null ? from : 0;
      if (block.name().equals(ATTRIBUTES)) {
        for (String value : values(item.attributes())) {
          Integer column = columns.get(value);
          if (column != null) {
            input[at + column] = ATTRIBUTE_SCALE;
          }
        }
      } else {
        float[] vector = encoded.get(block.name());
        if (vector != null && vector.length != block.inputs()) {
          throw new EncoderException("SHAPE_MISMATCH", "item '%s' has %d values of '%s' but the catalogue has %d"
              .formatted(item.id(), vector.length, block.name(), block.inputs()));
        }
        addUnit(vector, input, at);
      }
      for (int k = 0; directions != null && k < directions.length; k++) {
        float sum = 0;
        for (int j = 0; j < input.length; j++) {
          sum += directions[k][j] * input[j];
        }
        row[from + k] = sum;
      }
      from += block.width();
    }
    return row;
  }

  private static void addUnit(float @Nullable [] vector, float[] out, int at) {
    double square = 0;
    for (int k = 0; vector != null && k < vector.length; k++) {
      square += (double) vector[k] * vector[k];
    }
    for (int k = 0; vector != null && square > 0 && k < vector.length; k++) {
      out[at + k] = (float) (vector[k] / Math.sqrt(square));
    }
  }

  /** Writes the space to one safetensors file. */
  public void save(Path file) {
    try {
      List<FloatTensor> tensors = new ArrayList<>();
      for (int b = 0; b < blocks.size(); b++) {
        float[][] directions = blocks.get(b).directions();
        if (directions != null) {
          float[] flat = new float[directions.length * blocks.get(b).inputs()];
          for (int k = 0; k < directions.length; k++) {
            System.arraycopy(directions[k], 0, flat, k * blocks.get(b).inputs(), blocks.get(b).inputs());
          }
          tensors.add(new FloatTensor("directions." + b, new long[]{directions.length, blocks.get(b).inputs()}, flat));
        }
      }
      SafeTensors.write(file, tensors, Map.of("model", "content-space", "names",
          JSON.writeValueAsString(blocks.stream().map(Block::name).toList()), "inputs",
          JSON.writeValueAsString(blocks.stream().map(Block::inputs).toList()), "vocabulary",
          JSON.writeValueAsString(vocabulary)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers can be written as JSON always", e);
    }
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws EncoderException {@code UNSUPPORTED_MODEL} where the file holds something else
   */
  public static ContentSpace load(Path file) {
    try (SafeTensors tensors = SafeTensors.read(file)) {
      List<String> names = List.of(JSON.readValue(tensors.metadata().getOrDefault("names", ""), String[].class));
      int[] inputs = JSON.readValue(tensors.metadata().getOrDefault("inputs", ""), int[].class);
      List<String> vocabulary = List
          .of(JSON.readValue(tensors.metadata().getOrDefault("vocabulary", "[]"), String[].class));
      List<Block> blocks = new ArrayList<>();
      for (int b = 0; b < names.size(); b++) {
        String name = "directions." + b;
        float[][] directions = tensors.has(name)
            ? Dense.rows(tensors, name, Math.toIntExact(tensors.shape(name)[0]))
            : null;
        boolean known = names.size() == inputs.length && inputs[b] >= 0 && inputs[b] <= MAX_INPUTS
            && (directions == null || directions.length == 0 || directions[0].length == inputs[b])
            && (!names.get(b).equals(ATTRIBUTES) || inputs[b] == vocabulary.size());
        if (!known || names.indexOf(names.get(b)) != b) {
          throw new EncoderException("CHECKPOINT_CORRUPT", "%s: block %d of %s with %s inputs does not hold"
              .formatted(file, b, names, Arrays.toString(inputs)));
        }
        blocks.add(new Block(names.get(b), inputs[b], directions));
      }
      return new ContentSpace(blocks, vocabulary);
    } catch (JsonProcessingException | NullPointerException | IllegalArgumentException e) { // nulls in lists too
      throw new EncoderException("UNSUPPORTED_MODEL",
          file + " holds no content space; train again with this version", e);
    }
  }
}
