package io.sfumato.fusion.training;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.encoders.text.TokenIds;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Counts of hashed words, scaled to unit length: a text encoder that costs nothing, for tests. It has no parameters. */
public final class WordsEncoder implements TextEncoder {
  private static final int SIZE = 64;

  @Override
  public int dimension() {
    return SIZE;
  }

  @Override
  public String fingerprint() {
    return "words-" + SIZE;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public void setTraining(FineTuning how) {}

  @Override
  public TokenIds prepare(String input) {
    return new TokenIds(Arrays.stream(input.toLowerCase(Locale.ROOT).split("\\W+"))
        .mapToInt(
            word -> Math.floorMod(word.hashCode() * 31, SIZE))
        .toArray());
  }

  @Override
  public NDArray forward(Scope scope, List<TokenIds> batch, @Nullable Tape tape) {
    float[] flat = new float[batch.size() * SIZE];
    for (int i = 0; i < batch.size(); i++) {
      int[] ids = batch.get(i).ids();
      for (int id : ids) {
        flat[i * SIZE + id] += 1f / ids.length;
      }
    }
    return scope.floats(flat, batch.size(), SIZE);
  }

  @Override
  public void save(Path directory) {
    throw new UnsupportedOperationException("a test encoder is not saved");
  }

  @Override
  public void close() {}
}
