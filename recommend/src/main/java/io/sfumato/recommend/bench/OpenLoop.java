package io.sfumato.recommend.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Requests that are meant to arrive at a steady rate, whether or not those before were answered. A request that finds all threads busy waits, and the wait is part of its latency. An operation that throws ends the
 * run.
 */
final class OpenLoop {
  private final String name;
  private final int rate;
  private final int threads;
  private final IntConsumer operation;
  private final AtomicInteger next = new AtomicInteger();
  private final List<long[]> latencies = new ArrayList<>();
  private int done;

  /**
   * @param rate requests a second
   * @param threads how many can be under way at once
   * @param operation gets the number of the request
   */
  OpenLoop(String name, int rate, int threads, IntConsumer operation) {
    this.name = name;
    this.rate = rate;
    this.threads = threads;
    this.operation = operation;
  }

  String name() {
    return name;
  }

  /** Starts, at a time by {@link System#nanoTime}; the loop has ended when all of these have. */
  List<Future<?>> start(ExecutorService pool, long start, Duration duration) {
    int count = Math.toIntExact(rate * duration.toMillis() / 1000);
    List<Future<?>> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      running.add(pool.submit(() -> work(start, count)));
    }
    return running;
  }

  private void work(long start, int count) {
    long[] mine = new long[1024];
    int size = 0;
    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
      long intended = start + i * 1_000_000_000L / rate;
      for (long wait = intended - System.nanoTime(); wait > 0; wait = intended - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      operation.accept(i);
      if (size == mine.length) {
        mine = Arrays.copyOf(mine, 2 * size);
      }
      mine[size++] = System.nanoTime() - intended;
    }
    synchronized (latencies) {
      latencies.add(Arrays.copyOf(mine, size));
      done += size;
    }
  }

  /** How many were answered. */
  int done() {
    synchronized (latencies) {
      return done;
    }
  }

  /** Count, rate and latencies in milliseconds. */
  Map<String, Object> figures(Duration duration) {
    long[] sorted;
    synchronized (latencies) {
      sorted = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("count", sorted.length);
    figures.put("per_s", sorted.length / (duration.toMillis() / 1e3));
    figures.put("p50_ms", quantile(sorted, 0.5));
    figures.put("p99_ms", quantile(sorted, 0.99));
    figures.put("p999_ms", quantile(sorted, 0.999));
    figures.put("max_ms", quantile(sorted, 1));
    return figures;
  }

  private static double quantile(long[] sorted, double q) {
    return sorted.length == 0 ? 0 : millis(sorted[(int) Math.max(0, Math.ceil(q * sorted.length) - 1)]);
  }

  static double millis(long nanos) {
    return nanos / 1e6;
  }
}
