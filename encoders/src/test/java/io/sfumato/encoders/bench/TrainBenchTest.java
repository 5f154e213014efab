package io.sfumato.encoders.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.runtime.TensorRuntime;
import org.junit.jupiter.api.Test;

class TrainBenchTest {
  @Test
  void timesAllPartsAndRestoresTheThreads() {
    int threads = TensorRuntime.get().threads();
    TrainBench.Timing timing = TrainBench.time(BenchModel::vit, 1, 0.5);
    assertThat(timing.toMap()).containsOnlyKeys("forward_backward_ms", "step_ms", "gemm_ms", "bfloat16_step_ms",
        "bfloat16_speedup", "lora_step_ms", "lora_ratio", "lora_memory_ratio");
    assertThat(timing.gemmMs()).isPositive();
    assertThat(timing.stepMs()).isPositive();
    assertThat(timing.adapterRatio()).isEqualTo(timing.adapterStepMs() / timing.stepMs());
    assertThat(TensorRuntime.get().threads()).isEqualTo(threads);
  }

  @Test
  void shapesAreThoseThatPublicNumbersExistFor() {
    try (BenchModel bert = BenchModel.bert()) {
      assertThat(bert.parameters().stream().mapToLong(Parameter::size).sum()).isBetween(22_400_000L, 22_500_000L);
    }
  }
}
