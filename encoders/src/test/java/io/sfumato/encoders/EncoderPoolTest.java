package io.sfumato.encoders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.text.BertEncoder;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.encoders.text.TokenIds;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderPoolTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void manyCallersGetTheVectorsThatTheyWouldGetAlone(int threads) {
    List<String> texts = IntStream.range(0, 300)
        .mapToObj(i -> "red canvas sneaker " + "size ".repeat(i % 7) + i)
        .toList();
    try (TextEncoder encoder = BertEncoder.loadFolder(TestFiles.resource("hf-tiny/bert"));
        EncoderPool<String> pool = EncoderPool.of(encoder, threads)) {
      float[][] alone = encoder.encode(texts, Progress.silent());
      List<CompletableFuture<float[]>> vectors = texts.parallelStream().map(pool::submit).toList();
      for (int i = 0; i < alone.length; i++) {
        assertThat(vectors.get(i).join()).containsExactly(alone[i], within(1e-5f));
      }
      assertThat(pool.encode(texts.get(5))).containsExactly(alone[5], within(1e-5f));
    }
  }

  @Test
  void whatWaitsAtTheEndIsEncodedAndWhatComesLaterRefused() {
    try (TextEncoder encoder = BertEncoder.loadFolder(TestFiles.resource("hf-tiny/bert"))) {
      EncoderPool<String> pool = EncoderPool.of(encoder, 2);
      List<CompletableFuture<float[]>> vectors = IntStream.range(0, 200)
          .mapToObj(i -> pool.submit("hat " + i))
          .toList();
      pool.close();
      pool.close();
      assertThat(vectors).allSatisfy(vector -> assertThat(vector).isCompleted());
      assertThatThrownBy(() -> pool.submit("late")).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void theEncodersErrorReachesTheCaller() {
    try (TextEncoder encoder = new Failing(); EncoderPool<String> pool = EncoderPool.of(encoder, 1)) {
      assertThatThrownBy(() -> pool.encode("hat")).isInstanceOf(EncoderException.class).hasMessage("no vectors today");
      assertThatThrownBy(() -> pool.encode("scarf")).isInstanceOf(EncoderException.class);
      assertThatThrownBy(() -> EncoderPool.of(encoder, 0)).hasMessageContaining("was asked for 0");
    }
  }

  /** Prepares everything and encodes nothing. */
  private static final class Failing implements TextEncoder {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public String fingerprint() {
      return "";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }

    @Override
    public void setTraining(FineTuning how) {}

    @Override
    public TokenIds prepare(String input) {
      return new TokenIds(new int[]{1});
    }

    @Override
    public NDArray forward(Scope scope, List<TokenIds> batch, @Nullable Tape tape) {
      throw new EncoderException("INVALID_INPUT", "no vectors today");
    }

    @Override
    public void save(Path directory) {}

    @Override
    public void close() {}
  }
}
