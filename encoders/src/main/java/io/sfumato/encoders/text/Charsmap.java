package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.text.TokenizerJson.Refused;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;

/**
 * The table by which SentencePiece replaces characters (in XLM-RoBERTa and its like): a length, a <a
 * href="https://github.com/s-yata/darts-clone">double-array trie</a> of that many bytes, and the replacements, UTF-8
 * strings that end in a zero byte. All ways through the trie are walked, since the library follows them without looking
 * where they lead.
 */
final class Charsmap {
  private static final int MAX_UNITS = 1 << 22;

  private final int[] units;
  private final ByteBuffer replacements;

  private Charsmap(int[] units, ByteBuffer replacements) {
    this.units = units;
    this.replacements = replacements;
  }

  static void check(JsonNode base64) throws Refused {
    if (!base64.isTextual()) {
      throw new Refused("a precompiled normalizer has no precompiled_charsmap");
    }
    ByteBuffer bytes;
    try {
      bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64.asText())).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IllegalArgumentException e) {
      throw new Refused("its precompiled_charsmap is no base 64");
    }
    long size = bytes.remaining() < Integer.BYTES ? -1 : Integer.toUnsignedLong(bytes.getInt());
    if (size < Integer.BYTES || size % Integer.BYTES != 0 || size > bytes.remaining()
        || size / Integer.BYTES > MAX_UNITS) {
      throw new Refused("its precompiled_charsmap claims a table of " + size + " bytes that is not there");
    }
    int[] units = new int[(int) size / Integer.BYTES];
    bytes.asIntBuffer().get(units);
    bytes.position(bytes.position() + (int) size);
    new Charsmap(units, bytes.slice()).walk();
  }

  private void walk() throws Refused {
    BitSet seen = new BitSet(units.length);
    ArrayDeque<Integer> waiting = new ArrayDeque<>();
    waiting.add(inside(offset(units[0])));
    while (!waiting.isEmpty()) {
      int at = waiting.remove();
      if (seen.get(at)) {
        continue;
      }
      seen.set(at);
      for (int c = 1; c < 256; c++) {
        int next = inside(at ^ c);
        int unit = units[next];
        if ((unit & (1 << 31 | 0xFF)) == c) {
          int child = inside(next ^ offset(unit));
          if ((unit >>> 8 & 1) == 1) {
            checkReplacement(units[child] & Integer.MAX_VALUE);
          }
          waiting.add(child);
        }
      }
    }
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  private int inside(int at) throws Refused {
    if (at < 0 || at >= units.length) {
      throw new Refused("its precompiled_charsmap leads to place " + at + " of a table of " + units.length);
    }
    return at;
  }

  private void checkReplacement(int at) throws Refused {
    // A continuation byte of UTF-8 is no place where a string may begin.
    if (at > replacements.limit() || (at < replacements.limit() && (replacements.get(at) & 0xC0) == 0x80)) {
      throw new Refused("its precompiled_charsmap names the replacement " + at + " of " + replacements.limit()
          + " bytes, where none begins");
    }
  }
}
