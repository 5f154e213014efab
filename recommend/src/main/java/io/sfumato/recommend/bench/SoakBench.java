package io.sfumato.recommend.bench;

import io.sfumato.encoders.Progress;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Very many requests to one recommender of a {@link MadeShop} by many clients at once: whether any fails, whether every answer is, bit for bit, the one that a single client got, and whether memory stays. Requests come
 * in {@value #ROUNDS} rounds; between them everything rests, garbage is collected, and Java's objects, the whole process and the engine's arrays are counted.
 */
public final class SoakBench {
  private static final int ROUNDS = 20;
  private static final int SEVERAL = 3;
  private static final int K = 20;
  private static final double GROWTH = 0.01;

  private final Options options;
  private final Recommender recommender;
  private final List<List<Recommendation>> alone = new ArrayList<>();
  private final AtomicInteger different = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();

  /**
   * What to measure.
   *
   * @param items of the shop
   * @param requests in all, at least {@value #ROUNDS}
   * @param clients threads that ask at once
   * @param seed of the shop
   * @param work where the shop's bundle is kept and found again, as by {@link ServeBench}; null for a directory that is deleted at the end
   */
  public record Options(int items, int requests, int clients, long seed, @Nullable Path work) {
    public Options {
      if (requests < ROUNDS || clients < 1) {
        throw new IllegalArgumentException(
            "requests must be at least " + ROUNDS + " and clients 1 but were " + requests + " and " + clients);
      }
    }
  }

  private SoakBench(Options options, Recommender recommender) {
    this.options = options;
    this.recommender = recommender;
  }

  /** Runs it; {@code passed} tells whether no request failed, no answer differed, and nothing grew by more than a hundredth from the middle to the end. */
  public static Map<String, Object> run(Options options, Progress progress) {
    Path work = options.work();
    if (work != null) {
      return run(work.resolve("shop-%d-%d".formatted(options.items(), options.seed())), options, progress);
    }
    try {
      Path temporary = Files.createTempDirectory("sfumato-soak");
      try {
        return run(temporary.resolve("shop"), options, progress);
      } finally {
        ServeBench.delete(temporary);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("there is no room for the made shop: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> run(Path directory, Options options, Progress progress) {
    if (!Files.exists(directory)) {
      MadeShop.write(MadeVectors.of(options.items(), MadeShop.PEOPLE, options.seed()), directory, progress);
    }
    try (Recommender recommender = Recommender.open(directory)) {
      return new SoakBench(options, recommender).run(progress);
    }
  }

  private Map<String, Object> run(Progress progress) {
    for (int person = 0; person < MadeShop.PEOPLE; person++) {
      alone.add(recommender.recommend(request(person)));
    }
    long[] heap = new long[ROUNDS];
    long[] process = new long[ROUNDS];
    long[] arrays = new long[ROUNDS];
    long nanos = 0;
    progress.start("asking", options.requests());
    for (int round = 0; round < ROUNDS; round++) {
      int from = (int) ((long) options.requests() * round / ROUNDS);
      int to = (int) ((long) options.requests() * (round + 1) / ROUNDS);
      long start = System.nanoTime();
      round(from, to);
      nanos += System.nanoTime() - start;
      System.gc();
      heap[round] = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      process[round] = PeakMemory.now();
      arrays[round] = TensorRuntime.arraysHeld();
      progress.advance(to - from, null);
    }
    progress.finish();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("items", options.items());
    figures.put("requests", options.requests());
    figures.put("clients", options.clients());
    figures.put("requests_per_s", options.requests() / (nanos / 1e9));
    figures.put("failed", failed.get());
    figures.put("different", different.get());
    double growth = growth("heap", heap, figures);
    growth = Math.max(growth, growth("process", process, figures));
    growth = Math.max(growth, growth("arrays", arrays, figures));
    figures.put("passed", growth <= GROWTH && failed.get() == 0 && different.get() == 0);
    String failure = firstFailure.get();
    if (failure != null) {
      figures.put("first_failure", failure);
    }
    return figures;
  }

  /** Writes down how something grew from the middle to the end, and tells it as a share; what is not known, -1, does not grow. */
  private static double growth(String name, long[] samples, Map<String, Object> figures) {
    double middle = mean(samples, ROUNDS / 2 - 1);
    double end = mean(samples, ROUNDS - SEVERAL);
    double growth = middle <= 0 ? end - Math.max(0, middle) : end / middle - 1;
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("middle", middle);
    facts.put("end", end);
    facts.put("growth", growth);
    facts.put("samples", samples);
    figures.put(name, facts);
    return growth;
  }

  private static double mean(long[] samples, int from) {
    return IntStream.range(from, from + SEVERAL).mapToLong(i -> samples[i]).average().orElseThrow();
  }

  /** Asks the requests from one number to another, all clients together. */
  private void round(int from, int to) {
    AtomicInteger next = new AtomicInteger(from);
    CountDownLatch done = new CountDownLatch(options.clients());
    for (int client = 0; client < options.clients(); client++) {
      Thread.ofPlatform().name("client-" + client).start(() -> {
        try {
          for (int n = next.getAndIncrement(); n < to; n = next.getAndIncrement()) {
            ask(n % MadeShop.PEOPLE);
          }
        } finally {
          done.countDown();
        }
      });
    }
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while clients were asking", e);
    }
  }

  private void ask(int person) {
    try {
      if (!recommender.recommend(request(person)).equals(alone.get(person))) {
        different.incrementAndGet();
      }
    } catch (RuntimeException | Error failure) {
      failed.incrementAndGet();
      firstFailure.compareAndSet(null, failure.toString());
    }
  }

  private static Request request(int person) {
    return Request.forUser("u-" + person).k(K).excludeSeen();
  }
}
