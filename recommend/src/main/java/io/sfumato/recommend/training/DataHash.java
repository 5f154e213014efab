package io.sfumato.recommend.training;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What data a bundle was trained on, as one number: SHA-256 over ids, texts, attributes and the rows of each part; pictures count by name alone. */
public final class DataHash {
  private final MessageDigest digest;

  private DataHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  /** The hash of a split and its data set, in hexadecimal. */
  public static String of(Split split) {
    DataHash hash = new DataHash();
    for (Item item : split.dataset().catalog()) {
      hash.add(item.id());
      hash.add(item.title());
      hash.add(item.text());
      item.attributes().forEach((name, value) -> {
        hash.add(name);
        hash.add(value);
      });
      hash.add(item.image() == null ? "" : item.image().name());
    }
    hash.add(split.train());
    hash.add(split.valid());
    hash.add(split.test());
    return HexFormat.of().formatHex(hash.digest.digest());
  }

  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array()); // so that "ab","c" differs from "a","bc"
    digest.update(bytes);
  }

  private void add(Interactions rows) {
    digest.update(ByteBuffer.allocate(4).putInt(rows.size()).array());
    for (int row = 0; row < rows.size(); row++) {
      add(rows.userId(rows.user(row)));
      digest.update(ByteBuffer.allocate(16)
          .putInt(rows.item(row))
          .putFloat(rows.rating(row))
          .putLong(rows.timestamp(row))
          .array());
    }
  }
}
