package io.sfumato.recommend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.text.TokenIds;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes what an input became: a line of JSON, or a line for people. */
final class EncodeWriter {
  private static final int SHOWN = 6;

  private final Writer out;
  private final boolean json;

  EncodeWriter(Writer out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /**
   * What an input became.
   *
   * @param ids null where they are not wanted or the input is a picture
   * @param states the last hidden state; null where it is not wanted
   */
  @SuppressWarnings("ArrayRecordComponent") // Made and written once, never compared.
  record Encoded(int line, @Nullable JsonNode id, float[] vector, @Nullable TokenIds ids, @Nullable States states) {}

  /**
   * An array of states.
   *
   * @param shape its sizes, outermost first
   * @param values row-major
   */
  @SuppressWarnings("ArrayRecordComponent") // Made and written once, never compared.
  record States(long[] shape, float[] values) {}

  void write(Encoded encoded) throws IOException {
    StringBuilder line = new StringBuilder();
    if (json) {
      line.append('{');
      if (encoded.id != null) {
        line.append("\"id\":").append(encoded.id).append(',');
      }
      line.append("\"vector\":");
      numbers(line, encoded.vector, 0, encoded.vector.length);
      if (encoded.ids != null) {
        integers(line.append(",\"ids\":"), encoded.ids.ids());
        if (encoded.ids.types().length > 0) {
          integers(line.append(",\"types\":"), encoded.ids.types());
        }
      }
      if (encoded.states != null) {
        nested(line.append(",\"last_hidden_state\":"), encoded.states, 0, 0, encoded.states.values.length);
      }
      line.append('}');
    } else {
      human(line, encoded);
    }
    out.append(line.append('\n'));
  }

  void flush() throws IOException {
    out.flush();
  }

  private static void human(StringBuilder line, Encoded encoded) {
    double square = 0;
    for (float value : encoded.vector) {
      square += (double) value * value;
    }
    line.append(String.format(Locale.ROOT, "%6d  length %.4f of %d:", encoded.line, Math.sqrt(square),
        encoded.vector.length));
    for (int i = 0; i < Math.min(SHOWN, encoded.vector.length); i++) {
      line.append(String.format(Locale.ROOT, " %8.4f", encoded.vector[i]));
    }
    line.append(encoded.vector.length > SHOWN ? " …" : "");
    if (encoded.ids != null) {
      integers(line.append("  ids "), encoded.ids.ids());
    }
  }

  private static void nested(StringBuilder line, States states, int level, int from, int to) {
    if (level == states.shape.length - 1) {
      numbers(line, states.values, from, to);
      return;
    }
    int size = (int) states.shape[level];
    int step = (to - from) / size;
    line.append('[');
    for (int i = 0; i < size; i++) {
      line.append(i == 0 ? "" : ",");
      nested(line, states, level + 1, from + i * step, from + (i + 1) * step);
    }
    line.append(']');
  }

  /** The shortest decimals that read back as the same float32. */
  private static void numbers(StringBuilder line, float[] values, int from, int to) {
    line.append('[');
    for (int i = from; i < to; i++) {
      if (!Float.isFinite(values[i])) {
        throw new EncoderException("NOT_FINITE",
            "a vector has the value " + values[i] + "; the checkpoint's weights may be damaged");
      }
      line.append(i == from ? "" : ",").append(values[i]);
    }
    line.append(']');
  }

  private static void integers(StringBuilder line, int[] values) {
    line.append('[');
    for (int i = 0; i < values.length; i++) {
      line.append(i == 0 ? "" : ",").append(values[i]);
    }
    line.append(']');
  }
}
