package io.sfumato.encoders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;

/** Runs what reads a damaged file, and holds it to time, memory and one clear error. */
public final class Fuzz {
  private static final Duration TIME = Duration.ofMinutes(2);

  private Fuzz() {}

  /**
   * Runs a reader.
   *
   * @param bytes of the Java heap that it may allocate
   * @param reader throws {@link EncoderException} or nothing
   * @return the error, one line; empty when there was none
   */
  public static Optional<EncoderException> run(String what, long bytes, Runnable reader) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return assertTimeoutPreemptively(TIME, () -> {
      long before = threads.getCurrentThreadAllocatedBytes();
      Optional<EncoderException> error = Optional.empty();
      try {
        reader.run();
      } catch (EncoderException e) {
        error = Optional.of(e);
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).as("bytes allocated by %s", what).isLessThan(bytes);
      error.map(e -> String.valueOf(e.getMessage())).ifPresent(message -> {
        assertThat(message).as(what).isNotBlank().doesNotContain("\n");
        assertThat(message.length()).as(what).isLessThan(600);
      });
      return error;
    }, what);
  }
}
