package io.sfumato.it.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.encoders.text.BertEncoder;
import io.sfumato.encoders.text.MiniLm;
import io.sfumato.encoders.text.TokenIds;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * The throughput of all-MiniLM-L6-v2 on batches of 32 texts of 64 tokens: ours in float32, bfloat16 and int8 beside ONNX
 * Runtime with all its optimisations in float32, on the same weights. All alternate in one loop, so that noise of the
 * machine meets all; CPU time of the process and wall time a batch, medians; and how far the vectors are from float32's.
 *
 * <p>Arguments: threads of each engine (default 1), timed rounds (default 15).
 */
public final class EncodeBench {
  private static final int TEXTS = 32;
  private static final int TOKENS = 64;
  private static final int WARM_UP = 3;
  private static final OperatingSystemMXBean SYSTEM = ManagementFactory
      .getPlatformMXBean(OperatingSystemMXBean.class);

  private final List<TokenIds> batch = new ArrayList<>();
  private final Map<String, Runnable> systems = new LinkedHashMap<>();
  private final Map<String, float[]> vectors = new LinkedHashMap<>();

  private EncodeBench() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < TEXTS; i++) {
      int[] ids = random.ints(TOKENS, 2_000, 28_000).toArray();
      ids[0] = 101; // [CLS]
      ids[TOKENS - 1] = 102; // [SEP]
      batch.add(new TokenIds(ids));
    }
  }

  /** Runs it and prints one JSON object. */
  public static void main(String[] args) throws OrtException, IOException {
    int threads = args.length > 0 ? Integer.parseInt(args[0]) : 1;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 15;
    new EncodeBench().run(threads, rounds);
  }

  private void run(int threads, int rounds) throws OrtException, IOException {
    TensorRuntime.get().setThreads(threads);
    List<BertEncoder> encoders = new ArrayList<>();
    for (Precision precision : Precision.values()) {
      BertEncoder encoder = MiniLm.load();
      encoder.setPrecision(precision);
      encoders.add(encoder);
      systems.put(precision.toString(), () -> vectors.put(precision.toString(), encode(encoder)));
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      try (OrtSession session = environment.createSession(model(), options)) {
        Map<String, OnnxTensor> inputs = inputs(environment);
        systems.put("onnxruntime", () -> run(session, inputs));
        System.out
            .println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(measure(threads, rounds)));
        inputs.values().forEach(OnnxTensor::close);
      }
    }
    encoders.forEach(BertEncoder::close);
  }

  private Map<String, Object> measure(int threads, int rounds) throws JsonProcessingException {
    Map<String, List<Double>> cpu = new LinkedHashMap<>();
    Map<String, List<Double>> wall = new LinkedHashMap<>();
    for (int i = -WARM_UP; i < rounds; i++) {
      int round = i;
      systems.forEach((name, work) -> {
        long cpuBefore = SYSTEM.getProcessCpuTime();
        long wallBefore = System.nanoTime();
        work.run();
        double wallMs = (System.nanoTime() - wallBefore) / 1e6;
        double cpuMs = (SYSTEM.getProcessCpuTime() - cpuBefore) / 1e6;
        if (round >= 0) {
          cpu.computeIfAbsent(name, key -> new ArrayList<>()).add(cpuMs);
          wall.computeIfAbsent(name, key -> new ArrayList<>()).add(wallMs);
        }
      });
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("texts", TEXTS);
    json.put("tokens", TOKENS);
    json.put("threads", threads);
    json.put("rounds", rounds);
    double other = median(cpu, "onnxruntime");
    systems.keySet().forEach(name -> {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("cpu_ms", median(cpu, name));
      figures.put("wall_ms", median(wall, name));
      figures.put("texts_per_cpu_second", 1000.0 * TEXTS / median(cpu, name));
      figures.put("times_onnxruntime", other / median(cpu, name));
      figures.put("times_float32", median(cpu, "float32") / median(cpu, name));
      if (vectors.containsKey(name)) {
        figures.put("least_cosine_to_float32", leastCosine(name));
      }
      json.put(name, figures);
    });
    return json;
  }

  private float[] encode(BertEncoder encoder) {
    TensorRuntime runtime = TensorRuntime.get();
    try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
      return encoder.forward(scope, batch, null).toFloatArray();
    }
  }

  private static void run(OrtSession session, Map<String, OnnxTensor> inputs) {
    try (OrtSession.Result result = session.run(inputs)) {
      result.get(0).getValue();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] model() throws IOException {
    try (InputStream model = MiniLm.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
      return Objects.requireNonNull(model, "the model's artifact is not on the class path").readAllBytes();
    }
  }

  private Map<String, OnnxTensor> inputs(OrtEnvironment environment) throws OrtException {
    long[] ids = batch.stream().flatMapToLong(text -> Arrays.stream(text.ids()).asLongStream()).toArray();
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    long[] shape = {TEXTS, TOKENS};
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("input_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape));
    inputs.put("attention_mask", OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape));
    inputs.put("token_type_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape));
    return inputs;
  }

  private double leastCosine(String name) {
    float[] exact = Objects.requireNonNull(vectors.get("float32"));
    float[] other = Objects.requireNonNull(vectors.get(name));
    int width = exact.length / TEXTS;
    double least = 1;
    for (int i = 0; i < TEXTS; i++) {
      double dot = 0;
      double a = 0;
      double b = 0;
      for (int j = i * width; j < (i + 1) * width; j++) {
        dot += exact[j] * other[j];
        a += exact[j] * exact[j];
        b += other[j] * other[j];
      }
      least = Math.min(least, dot / Math.sqrt(a * b));
    }
    return least;
  }

  private static double median(Map<String, List<Double>> times, String name) {
    List<Double> sorted = Objects.requireNonNull(times.get(name)).stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
