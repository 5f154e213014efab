package io.sfumato.fusion.classification;

import io.sfumato.datasets.Item;
import io.sfumato.fusion.FusionException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** Which items are for training, which to choose by, which to measure on. Each item's part depends on the item alone, so that it stays where it is when others come or go. */
public sealed interface ItemParts {
  /** What an item is for. */
  enum Part {
    TRAIN, VALID, TEST;

    /** Lower-case name, as on the command line. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what {@link #id()} writes.
     *
     * @throws FusionException {@code BAD_OPTION} when the text is none of them
     */
    public static Part parse(String text) {
      return Arrays.stream(values())
          .filter(part -> part.id().equals(text.strip().toLowerCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(
              () -> new FusionException("BAD_OPTION", "a part must be train, valid or test but was '" + text + "'"));
    }
  }

  /** The part of an item. */
  Part of(Item item);

  /** Places of a part's items in the data. */
  default int[] places(LabelledItems data, Part part) {
    return IntStream.range(0, data.size()).filter(i -> of(data.items().get(i)) == part).toArray();
  }

  /**
   * By a hash of the item's id and a seed: each item falls into a part as a coin would have it.
   *
   * @param train share for training, above 0
   * @param valid share to choose by
   * @param test share to measure on; the three sum to 1
   */
  record ByHash(long seed, double train, double valid, double test) implements ItemParts {
    public ByHash {
      if (!(train > 0 && valid >= 0 && test >= 0 && Math.abs(train + valid + test - 1) < 1e-6)) {
        throw new FusionException("BAD_OPTION",
            "the shares of train, valid and test must not be negative, with some training, and sum to 1 but were %s, %s, %s"
                .formatted(train, valid, test));
      }
    }

    @Override
    public Part of(Item item) {
      double u = uniform(seed, item.id());
      return u < train ? Part.TRAIN : u < train + valid ? Part.VALID : Part.TEST;
    }

    /** In [0, 1): the seed and the id's characters through the finaliser of SplitMix64 (Steele, Lea and Flood 2014), one after the other. */
    static double uniform(long seed, String id) {
      long z = mix(seed);
      for (int i = 0; i < id.length(); i++) {
        z = mix(z + id.charAt(i));
      }
      return (z >>> 11) * 0x1.0p-53;
    }

    private static long mix(long value) {
      long z = value + 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }

    @Override
    public String toString() {
      return "hash:" + train + "," + valid + "," + test;
    }
  }

  /**
   * By an attribute of the item, whose value is {@code train}, {@code valid} or {@code test}.
   *
   * @param column name of the attribute
   */
  record ByColumn(String column) implements ItemParts {
    @Override
    public Part of(Item item) {
      String value = item.attributes().get(column);
      if (value == null) {
        throw new FusionException("UNKNOWN_COLUMN",
            "item '%s' has no '%s' that says which part it belongs to; write train, valid or test".formatted(item.id(),
                column));
      }
      return Part.parse(value);
    }

    @Override
    public String toString() {
      return "column:" + column;
    }
  }

  /** 80 % for training, 10 % to choose by, 10 % to measure on, by hash. */
  static ItemParts byHash(long seed) {
    return new ByHash(seed, 0.8, 0.1, 0.1);
  }

  /**
   * Reads {@code hash}, {@code hash:0.8,0.1,0.1} or {@code column:NAME}.
   *
   * @param seed of the hash
   * @throws FusionException {@code BAD_OPTION} when the text is none of them
   */
  static ItemParts parse(String text, long seed) {
    String value = text.strip();
    if (value.equals("hash")) {
      return byHash(seed);
    }
    if (value.startsWith("column:") && value.length() > "column:".length()) {
      return new ByColumn(value.substring("column:".length()));
    }
    if (value.matches("hash:[0-9.eE-]+,[0-9.eE-]+,[0-9.eE-]+")) {
      try {
        double[] shares = Arrays.stream(value.substring("hash:".length()).split(","))
            .mapToDouble(Double::parseDouble)
            .toArray();
        return new ByHash(seed, shares[0], shares[1], shares[2]);
      } catch (NumberFormatException e) {
        throw new FusionException("BAD_OPTION", "the split '" + text + "' has shares that are no numbers", e);
      }
    }
    throw new FusionException("BAD_OPTION",
        "a split of items must be hash, hash:TRAIN,VALID,TEST or column:NAME but was '" + text + "'");
  }
}
