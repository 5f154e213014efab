package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The parts of an evaluation that a report looks at one by one. A slice of items counts the relevant items of that kind alone, in the same lists, over the users who have one; a slice of users counts all of theirs.
 */
public final class Slices {
  private Slices() {}

  /** A part of an evaluation. */
  public record Part(String group, String name, EvaluationResult result) {}

  /**
   * The usual groups: {@code item training} (warm: with training interactions, cold: without), {@code item popularity} (head, mid, tail: {@link PopularityBands}), {@code item image} and {@code item text} (with, without), and {@code history}: users by
   * the number of items that they have in training, in quarters of about as many users, and those who have none. Slices that nobody has a relevant item in are left out, and groups of which a single slice is left: it would say what the
   * whole says.
   */
  public static List<Part> usual(EvaluationResult result, Split split) {
    List<Part> parts = new ArrayList<>();
    BitSet warm = new BitSet();
    for (int row = 0; row < split.train().size(); row++) {
      warm.set(split.train().item(row));
    }
    add(parts, List.of(items("item training", "warm", result, warm),
        items("item training", "cold", result, without(warm, split))));
    PopularityBands bands = PopularityBands.of(split.train());
    add(parts, PopularityBands.NAMES.stream()
        .map(name -> items("item popularity", name, result, bands.members(name)))
        .toList());
    BitSet images = those(split, Item::hasImage);
    add(parts, List.of(items("item image", "with image", result, images),
        items("item image", "without image", result, without(images, split))));
    BitSet texts = those(split, Item::hasText);
    add(parts, List.of(items("item text", "with text", result, texts),
        items("item text", "without text", result, without(texts, split))));
    add(parts, histories(result, split.train()));
    return parts;
  }

  private static void add(List<Part> parts, List<Part> group) {
    List<Part> left = group.stream().filter(part -> part.result().userCount() > 0).toList();
    if (left.size() > 1) {
      parts.addAll(left);
    }
  }

  private static Part items(String group, String name, EvaluationResult result, BitSet members) {
    return new Part(group, name, result.ofItems(members));
  }

  private static BitSet those(Split split, Predicate<Item> wanted) {
    Catalog catalog = split.dataset().catalog();
    BitSet members = new BitSet();
    IntStream.range(0, catalog.size()).filter(i -> wanted.test(catalog.item(i))).forEach(members::set);
    return members;
  }

  private static BitSet without(BitSet members, Split split) {
    BitSet others = (BitSet) members.clone();
    others.flip(0, split.train().itemCount());
    return others;
  }

  /** Quarters of the evaluated users by their number of distinct training items; a length is in one bin alone, so that quarters may differ in size, or fall together. */
  private static List<Part> histories(EvaluationResult result, Interactions train) {
    int[] lengths = new int[train.userCount()];
    Arrays.stream(result.users()).forEach(user -> lengths[user] = train.itemsOf(user).length);
    int[] sorted = Arrays.stream(result.users()).map(user -> lengths[user]).filter(n -> n > 0).sorted().toArray();
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("history", "no items", result.ofUsers(user -> lengths[user] == 0)));
    int low = 1;
    for (int quarter = 1; quarter <= 4 && sorted.length > 0; quarter++) {
      int high = sorted[Math.max(0, quarter * sorted.length / 4 - 1)];
      if (high >= low) {
        int first = low;
        int from = Arrays.stream(sorted).filter(n -> n >= first).findFirst().orElse(first);
        parts.add(new Part("history", from == high ? from + (from == 1 ? " item" : " items")
            : from + "–" + high
                + " items",
            result.ofUsers(user -> lengths[user] >= first && lengths[user] <= high)));
        low = high + 1;
      }
    }
    return parts;
  }
}
