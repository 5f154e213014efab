package io.sfumato.recommend;

import io.sfumato.recommend.RequestObserver.Operation;
import java.util.function.Supplier;

/** Runs operations and tells an observer how they ended; reads no clock where nobody looks. Thread-safe. */
final class Observed {
  private final RequestObserver observer;

  Observed(RequestObserver observer) {
    this.observer = observer;
  }

  <T> T during(Operation operation, Supplier<T> work) {
    if (observer == RequestObserver.NONE) {
      return work.get();
    }
    long start = System.nanoTime();
    T done;
    try {
      done = work.get();
    } catch (RuntimeException | Error failure) {
      observer.ended(operation, System.nanoTime() - start, failure);
      throw failure;
    }
    observer.ended(operation, System.nanoTime() - start, null);
    return done;
  }

  void during(Operation operation, Runnable work) {
    during(operation, () -> {
      work.run();
      return true;
    });
  }
}
