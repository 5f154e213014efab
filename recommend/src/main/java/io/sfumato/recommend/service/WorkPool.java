package io.sfumato.recommend.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where requests are worked on: so many at once, so many waiting, and 503 for the rest. Its threads are of the platform, because recommending computes and would keep the carriers of virtual threads from connections, whose
 * waiting is what those are good for.
 */
final class WorkPool {
  private final ThreadPoolExecutor threads;
  private final Duration patience;

  WorkPool(ServiceLimits limits, MeterRegistry metrics) {
    this.patience = limits.work();
    this.threads = new ThreadPoolExecutor(limits.concurrent(), limits.concurrent(), 30, TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(limits.queued()),
        Thread.ofPlatform().name("sfumato-work-", 0).daemon(true).factory());
    threads.allowCoreThreadTimeOut(true);
    Gauge.builder("sfumato.service.active", threads, ThreadPoolExecutor::getActiveCount)
        .description("Requests that are worked on")
        .register(metrics);
    Gauge.builder("sfumato.service.queued", threads, pool -> pool.getQueue().size())
        .description("Requests that wait to be worked on")
        .register(metrics);
  }

  /**
   * Does it when there is room.
   *
   * @throws Problem 503 {@code OVERLOADED} where too many wait already, or it takes too long
   */
  Answer run(Callable<Answer> work) throws Exception {
    Future<Answer> answer;
    try {
      answer = threads.submit(work);
    } catch (RejectedExecutionException e) {
      throw threads.isShutdown() ? Problem.stopping() : overloaded("too many requests wait already");
    }
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // What has begun ends by itself: an interrupt would close files that others read.
      answer.cancel(false);
      throw overloaded("the request could not be answered in time");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Takes no more work, and waits for what there is. False where it did not end in that time. */
  boolean end(Duration grace) throws InterruptedException {
    threads.shutdown();
    return threads.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Problem overloaded(String why) {
    return new Problem(503, "OVERLOADED", why + "; ask again in a second").header("Retry-After", "1");
  }
}
