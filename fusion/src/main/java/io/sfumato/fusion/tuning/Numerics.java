package io.sfumato.fusion.tuning;

import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Number type and dropout of the encoders while they learn; closing it puts both back. */
public final class Numerics implements AutoCloseable {
  private final List<Encoder<?, ?>> changed = new ArrayList<>();

  /**
   * Sets what can be set. A number type or a dropout that one encoder cannot have is left away there.
   *
   * @param encoders those that learn
   * @throws EncoderException {@code UNSUPPORTED_PRECISION} or {@code UNSUPPORTED_DROPOUT} where none of them can have it
   */
  public Numerics(List<Encoder<?, ?>> encoders, Precision precision, double dropout) {
    changed.addAll(encoders);
    try {
      if (precision != Precision.FLOAT32) {
        forSome(encoders, encoder -> encoder.setPrecision(precision));
      }
      if (dropout > 0) {
        forSome(encoders, encoder -> encoder.setDropout(dropout));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void forSome(List<Encoder<?, ?>> encoders, Consumer<Encoder<?, ?>> change) {
    List<EncoderException> refused = new ArrayList<>();
    for (Encoder<?, ?> encoder : encoders) {
      try {
        change.accept(encoder);
      } catch (EncoderException e) {
        refused.add(e);
      }
    }
    if (!refused.isEmpty() && refused.size() == encoders.size()) {
      throw refused.getFirst();
    }
  }

  @Override
  public void close() {
    for (Encoder<?, ?> encoder : changed) {
      encoder.setPrecision(Precision.FLOAT32);
      encoder.setDropout(0);
    }
  }
}
