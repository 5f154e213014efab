package io.sfumato.fusion.classification;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.fusion.FusionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Items and the label of each. Immutable.
 *
 * @param column the attribute that the labels come from
 * @param items those that have a label
 * @param labels as many, none blank, without white space around them
 * @param unlabelled how many items of the source had none and were left out
 */
public record LabelledItems(String column, List<Item> items, List<String> labels, int unlabelled) {
  public LabelledItems {
    items = List.copyOf(items);
    labels = List.copyOf(labels);
    if (items.size() != labels.size()) {
      throw new FusionException("DIMENSION_MISMATCH",
          "%d labels do not fit %d items".formatted(labels.size(), items.size()));
    }
  }

  /**
   * The items of a catalogue that have an attribute, which is their label.
   *
   * @throws FusionException {@code UNKNOWN_COLUMN} where no item has it
   */
  public static LabelledItems of(Catalog catalog, String column) {
    if (!catalog.attributeNames().contains(column)) {
      throw new FusionException("UNKNOWN_COLUMN",
          "there is no column '%s' with labels; the items have %s".formatted(column, catalog.attributeNames()));
    }
    List<Item> items = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (Item item : catalog) {
      String label = item.attributes().getOrDefault(column, "").strip();
      if (!label.isEmpty()) {
        items.add(item);
        labels.add(label);
      }
    }
    return new LabelledItems(column, items, labels, catalog.size() - items.size());
  }

  /** Number of labelled items. */
  public int size() {
    return items.size();
  }

  /** The labels that occur, each once, in alphabetical order. */
  public List<String> classes() {
    return labels.stream().distinct().sorted().toList();
  }

  /** The items of these places, in this order. */
  public LabelledItems select(int[] places) {
    List<Item> chosen = new ArrayList<>();
    List<String> theirs = new ArrayList<>();
    for (int place : places) {
      chosen.add(items.get(place));
      theirs.add(labels.get(place));
    }
    return new LabelledItems(column, chosen, theirs, unlabelled);
  }

  /** Hexadecimal SHA-256 over ids, titles, texts, labels and the names of pictures, in order: which data a classifier was trained on. */
  public String sha256() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    add(digest, column);
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      add(digest, item.id());
      add(digest, item.title());
      add(digest, item.text());
      add(digest, labels.get(i));
      // The name of a picture without the folders above it: a data set that was moved is the same.
      String name = item.image() == null ? "" : item.image().name();
      add(digest, name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length)); // so that "ab","c" differs from "a","bc"
    digest.update(bytes);
  }
}
