package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Attributes;
import io.sfumato.datasets.Catalog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Feature rows of items in named blocks side by side, such as text vectors, image vectors and attribute values. An item without a modality has zeros
 * in its block.
 *
 * @param names one a block
 * @param widths one a block
 * @param rows [items][sum of widths]; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // large, handed over, never compared
public record ContentFeatures(List<String> names, List<Integer> widths, float[][] rows) {

  private static final int MAX_VALUES = 256;
  private static final int MIN_ITEMS = 5;

  public ContentFeatures {
    names = List.copyOf(names);
    widths = List.copyOf(widths);
    int width = widths.stream().mapToInt(Integer::intValue).sum();
    if (names.size() != widths.size() || Arrays.stream(rows).anyMatch(row -> row.length != width)) {
      throw new IllegalArgumentException("blocks %s of widths %s do not describe the rows".formatted(names, widths));
    }
  }

  /** No block yet, for so many items. */
  public static ContentFeatures none(int items) {
    return new ContentFeatures(List.of(), List.of(), new float[items][0]);
  }

  /**
   * The same with another block.
   *
   * @param vectors a row an item, all of one length, zeros where the item lacks the modality; about unit length
   * @param scale what the block is multiplied by: its weight in the regression is the square
   */
  public ContentFeatures with(String name, float[][] vectors, double scale) {
    if (vectors.length != rows.length) {
      throw new IllegalArgumentException(
          "block %s has %d rows for %d items".formatted(name, vectors.length, rows.length));
    }
    int before = widths.stream().mapToInt(Integer::intValue).sum();
    int added = vectors.length == 0 ? 0 : vectors[0].length;
    float[][] wider = new float[rows.length][];
    for (int item = 0; item < rows.length; item++) {
      wider[item] = Arrays.copyOf(rows[item], before + added);
      for (int k = 0; k < added; k++) {
        wider[item][before + k] = (float) (scale * vectors[item][k]);
      }
    }
    List<String> moreNames = new ArrayList<>(names);
    moreNames.add(name);
    List<Integer> moreWidths = new ArrayList<>(widths);
    moreWidths.add(added);
    return new ContentFeatures(moreNames, moreWidths, wider);
  }

  /**
   * The same with a block multiplied: its weight in an inner product is the square. The same where there is no such block.
   *
   * @param factor above 0
   */
  public ContentFeatures scaled(String name, double factor) {
    int block = names.indexOf(name);
    if (block < 0 || factor == 1) {
      return this;
    }
    int from = widths.stream().limit(block).mapToInt(Integer::intValue).sum();
    int to = from + widths.get(block);
    float[][] scaled = new float[rows.length][];
    for (int item = 0; item < rows.length; item++) {
      scaled[item] = rows[item].clone();
      for (int k = from; k < to; k++) {
        scaled[item][k] *= (float) factor;
      }
    }
    return new ContentFeatures(names, widths, scaled);
  }

  /** The same with a block {@code attributes}: an indicator a value, of the 256 most frequent ones with five items or more. */
  public ContentFeatures withAttributes(Catalog catalog, double scale) {
    Map<String, Integer> frequency = new HashMap<>();
    catalog.forEach(item -> values(item.attributes()).forEach(value -> frequency.merge(value, 1, Integer::sum)));
    List<String> vocabulary = frequency.entrySet()
        .stream()
        .filter(value -> value.getValue() >= MIN_ITEMS && value.getValue() < catalog.size())
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
        .limit(MAX_VALUES)
        .map(Map.Entry::getKey)
        .toList();
    Map<String, Integer> column = new HashMap<>();
    vocabulary.forEach(value -> column.put(value, column.size()));
    float[][] block = new float[catalog.size()][vocabulary.size()];
    for (int item = 0; item < block.length; item++) {
      float[] row = block[item];
      values(catalog.item(item).attributes()).forEach(value -> {
        Integer at = column.get(value);
        if (at != null) {
          row[at] = 1;
        }
      });
    }
    return vocabulary.isEmpty() ? this : with("attributes", block, scale);
  }

  private static List<String> values(Map<String, String> attributes) {
    List<String> all = new ArrayList<>();
    attributes.forEach((name, value) -> Attributes.values(value).forEach(v -> all.add(name + "=" + v)));
    return all;
  }

  /** The number of columns. */
  public int width() {
    return widths.stream().mapToInt(Integer::intValue).sum();
  }
}
