package io.sfumato.datasets.split;

import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.read.SplitFile.Part;
import java.nio.charset.StandardCharsets;

/** A coin for each row, thrown by a hash of seed, user and item: no row's part depends on another row. */
record CoinSplitter(Fractions fractions, long seed) implements Splitter {
  @Override
  public String kind() {
    return "coin";
  }

  @Override
  public Split split(Dataset dataset) {
    Interactions all = dataset.interactions();
    Parts parts = new Parts(dataset);
    long[] items = new long[all.itemCount()];
    for (int item = 0; item < items.length; item++) {
      items[item] = hash(dataset.catalog().id(item));
    }
    for (int user = 0; user < all.userCount(); user++) {
      long own = mix(seed + mix(hash(all.userId(user))));
      for (int row = all.start(user); row < all.end(user); row++) {
        double coin = (mix(own ^ items[all.item(row)]) >>> 11) * 0x1p-53;
        if (coin < fractions.test()) {
          parts.set(row, Part.TEST);
        } else if (coin < fractions.test() + fractions.valid()) {
          parts.set(row, Part.VALID);
        }
      }
    }
    return parts.toSplit(kind());
  }

  /** FNV-1a of the UTF-8 bytes. */
  private static long hash(String id) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
