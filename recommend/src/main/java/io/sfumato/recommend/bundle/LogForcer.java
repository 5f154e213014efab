package io.sfumato.recommend.bundle;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread of a program that forces logs to disk some time after an append. It ends when it has had nothing to do for a while, and keeps no program from ending. */
final class LogForcer {
  private static final ScheduledThreadPoolExecutor THREAD = thread();

  private LogForcer() {}

  private static ScheduledThreadPoolExecutor thread() {
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1,
        Thread.ofPlatform().daemon().name("sfumato-log-forcer").factory());
    executor.setKeepAliveTime(10, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Runs something once, after a time; it must not throw. */
  @SuppressWarnings("FutureReturnValueIgnored") // what is run does not throw
  static void after(Duration delay, Runnable force) {
    THREAD.schedule(force, delay.toNanos(), TimeUnit.NANOSECONDS);
  }
}
