package io.sfumato.recommend.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Runs work on a fixed number of threads and waits for it. */
final class Parallel {
  private Parallel() {}

  /** Runs the same work on each thread; what one throws is thrown, once all are done. */
  static void onEach(int threads, Runnable work) {
    if (threads == 1) {
      work.run();
      return;
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        futures.add(executor.submit(work));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the evaluation was interrupted", e);
    }
  }

  /** Runs a job for each number below n, the next as a thread is free. */
  static void forEach(int threads, int n, IntConsumer job) {
    AtomicInteger next = new AtomicInteger();
    onEach(threads, () -> {
      for (int i = next.getAndIncrement(); i < n; i = next.getAndIncrement()) {
        job.accept(i);
      }
    });
  }
}
