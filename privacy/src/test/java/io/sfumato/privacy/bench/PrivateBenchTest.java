package io.sfumato.privacy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.encoders.runtime.TensorRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PrivateBenchTest {
  @Test
  void timesThePerceptronAndRestoresTheThreads() {
    int threads = TensorRuntime.get().threads();
    PrivateBench.Timing timing = PrivateBench.time(PrivateBench.Kind.MLP, 1);
    assertThat(timing.toMap()).containsOnlyKeys("plain_ms", "private_ms", "ratio", "plain_full_ms", "private_full_ms",
        "full_ratio", "memory_ratio");
    assertThat(timing.plainMs()).isPositive();
    assertThat(timing.ratio()).isEqualTo(timing.privateMs() / timing.plainMs());
    assertThat(timing.fullRatio()).isEqualTo(timing.privateFullMs() / timing.plainFullMs());
    if (Files.isReadable(Path.of("/proc/self/status"))) {
      assertThat(timing.memoryRatio()).isBetween(0.5, 1.6);
    } else {
      assertThat(timing.memoryRatio()).isNull();
    }
    assertThat(TensorRuntime.get().threads()).isEqualTo(threads);
  }

  @Test
  void anIterationIsNeeded() {
    assertThatThrownBy(() -> PrivateBench.time(PrivateBench.Kind.MLP, 0))
        .hasMessage("iterations must be at least 1 but was 0");
  }

  @Test
  void secureNoiseIsTimedByTheMillion() {
    assertThat(PrivateBench.noiseMsPerMillion()).isBetween(1.0, 1000.0);
  }
}
