package io.sfumato.encoders;

import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Threads that encode for many callers at once. What waits is encoded together, in batches of similar cost, so that
 * throughput grows with load while a single request does not wait for others to come; and the processor's cores are
 * divided among the threads instead of being fought for.
 *
 * <p>Thread-safe. Holds threads: close it before the encoder, which stays with whoever opened it and must not be trained
 * meanwhile.
 *
 * @param <I> what the encoder reads
 */
public final class EncoderPool<I> implements AutoCloseable {
  /** Requests that may wait; further ones hold up their callers. */
  private static final int WAITING = 1024;

  /** Most requests that are encoded together. */
  private static final int TOGETHER = 64;

  private final Workers<I, ?> workers;

  private EncoderPool(Workers<I, ?> workers) {
    this.workers = workers;
  }

  /**
   * Starts the threads.
   *
   * @param count of threads, at least 1; each computes on its share of the processor's cores. One is best for
   *     throughput, more for short answers under load
   */
  public static <I, P> EncoderPool<I> of(Encoder<I, P> encoder, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("a pool needs 1 thread at least but was asked for " + count);
    }
    return new EncoderPool<>(new Workers<>(encoder, count));
  }

  /**
   * Encodes an input soon. It is prepared on the calling thread, which waits while {@value #WAITING} others do.
   *
   * @return the vector, of the encoder's dimension; fails with the encoder's own error
   * @throws IllegalStateException when the pool is closed
   */
  public CompletableFuture<float[]> submit(I input) {
    return workers.submit(input);
  }

  /** Encodes an input and waits for it; errors as of {@link #submit}. */
  public float[] encode(I input) {
    try {
      return submit(input).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Encodes what waits, refuses what comes, and ends the threads. */
  @Override
  public void close() {
    workers.close();
  }

  /** One request: an input and who waits for its vector. */
  private record Job<P>(P prepared, CompletableFuture<float[]> vector) {}

  /** The threads of a pool, by what their encoder prepares inputs to. */
  private static final class Workers<I, P> {
    private final Encoder<I, P> encoder;
    private final BlockingQueue<Job<P>> waiting = new ArrayBlockingQueue<>(WAITING);
    private final List<Thread> threads = new ArrayList<>();
    /** Held for reading while a request comes in, so that none is left behind by closing. */
    private final ReadWriteLock gate = new ReentrantReadWriteLock();
    private volatile boolean closed;

    Workers(Encoder<I, P> encoder, int count) {
      this.encoder = encoder;
      int cores = Math.max(1, Runtime.getRuntime().availableProcessors() / count);
      for (int i = 0; i < count; i++) {
        threads.add(Thread.ofPlatform()
            .daemon()
            .name("sfumato-encoder-" + encoder.modality() + "-" + i)
            .start(() -> work(cores)));
      }
    }

    CompletableFuture<float[]> submit(I input) {
      CompletableFuture<float[]> vector = new CompletableFuture<>();
      P prepared = encoder.prepare(input);
      gate.readLock().lock();
      try {
        if (closed) {
          throw new IllegalStateException("the encoder pool is closed");
        }
        waiting.put(new Job<>(prepared, vector));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        vector.completeExceptionally(e);
      } finally {
        gate.readLock().unlock();
      }
      return vector;
    }

    private void work(int cores) {
      TensorRuntime.get().setThreads(cores);
      List<Job<P>> jobs = new ArrayList<>(TOGETHER);
      try {
        while (!closed || !waiting.isEmpty()) {
          jobs.add(waiting.take());
          waiting.drainTo(jobs, TOGETHER - 1);
          encode(jobs);
          jobs.clear();
        }
      } catch (InterruptedException e) {
        // Closing: everything that came in was encoded before.
      }
    }

    private void encode(List<Job<P>> jobs) {
      try {
        float[][] vectors = encoder.encodePrepared(jobs.stream().map(Job::prepared).toList(), Progress.silent());
        for (int i = 0; i < vectors.length; i++) {
          jobs.get(i).vector().complete(vectors[i]);
        }
      } catch (RuntimeException | Error e) {
        jobs.forEach(job -> job.vector().completeExceptionally(e));
      }
    }

    void close() {
      gate.writeLock().lock();
      try {
        closed = true;
      } finally {
        gate.writeLock().unlock();
      }
      try {
        while (!waiting.isEmpty()) {
          Thread.sleep(1);
        }
        for (Thread thread : threads) {
          thread.interrupt();
          thread.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
