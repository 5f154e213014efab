package io.sfumato.fusion.pairs;

import io.sfumato.datasets.Item;
import io.sfumato.fusion.FusionException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * Image–text pairs in three parts. What is learned and chosen comes from {@code train} and {@code valid} alone.
 *
 * @param train pairs to learn from
 * @param valid pairs to choose by: when to stop, which settings
 * @param test pairs to measure with, never looked at before
 */
public record PairSplit(List<Item> train, List<Item> valid, List<Item> test) {
  /** Checks that there is something to learn from. */
  public PairSplit {
    train = List.copyOf(train);
    valid = List.copyOf(valid);
    test = List.copyOf(test);
    if (train.size() < 2) {
      throw new FusionException("NO_PAIRS",
          "%d items with text and image are left to learn from, but 2 at least are needed; give more of them, or keep fewer for validation and test"
              .formatted(train.size()));
    }
  }

  /**
   * Shares pairs out by a hash of the item's id alone, so that the same item is in the same part on every machine and in
   * every order of the file. Pairs are sorted by the SHA-256 of {@code "sfumato-pairs:" + id} (UTF-8, compared as
   * hexadecimal text): the first {@code test} of them are the test part, the next {@code valid} the validation part.
   *
   * @param items those without a text or without an image take no part
   * @param test pairs of the test part, 0 or more
   * @param valid pairs of the validation part, 0 or more
   * @throws FusionException {@code NO_PAIRS} where fewer than two pairs are left to learn from
   */
  public static PairSplit byHash(List<Item> items, int test, int valid) {
    if (test < 0 || valid < 0) {
      throw new FusionException("BAD_OPTION",
          "sizes of test and validation part must be 0 or more but were %d and %d".formatted(test, valid));
    }
    List<Item> pairs = new ArrayList<>(items.stream().filter(item -> item.hasText() && item.hasImage()).toList());
    MessageDigest sha = sha256();
    pairs.sort(Comparator.comparing(
        item -> HexFormat.of()
            .formatHex(sha.digest(("sfumato-pairs:" + item.id()).getBytes(StandardCharsets.UTF_8)))));
    int first = Math.min(test, pairs.size());
    int second = (int) Math.min((long) first + valid, pairs.size());
    return new PairSplit(pairs.subList(second, pairs.size()), pairs.subList(first, second), pairs.subList(0, first));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
