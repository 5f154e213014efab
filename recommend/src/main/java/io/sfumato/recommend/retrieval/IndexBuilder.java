package io.sfumato.recommend.retrieval;

import io.sfumato.datasets.Catalog;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.ItemVectors;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.InfoStream;

/**
 * Writes the index of a catalogue as one segment.
 *
 * <p>A small catalogue is written by one thread, in its own order: the same items make the same graph. A large one is put into {@linkplain ItemOrder an order} in which items that are alike stand together, and
 * written by several threads, first as segments without graphs, which are then merged into one; the order of its documents is the same each time, but several threads link its graph at once, and of that only
 * the recall is the same. On the heap are the writer's buffer and the graph, some 16 bytes a link of each item.
 */
final class IndexBuilder {
  private static final int SMALL = 50_000;
  private static final double SMALL_BUFFER_MB = 512;
  private static final double BUFFER_MB = 192;
  private static final int BATCH = 1000;
  private static final String PLACE = "place";
  private static final long TELL_MS = 200;

  private final Catalog catalog;
  private final ItemVectors vectors;
  private final IndexOptions options;
  private final ItemDocuments documents = new ItemDocuments();

  IndexBuilder(Catalog catalog, ItemVectors vectors, IndexOptions options) {
    if (catalog.size() != vectors.size()) {
      throw new IllegalArgumentException(
          "the catalogue has %d items but there are vectors of %d".formatted(catalog.size(), vectors.size()));
    }
    this.catalog = catalog;
    this.vectors = vectors;
    this.options = options;
  }

  void write(Path target, int threads, Progress progress) {
    write(target, threads, SMALL, progress);
  }

  /** @param small below so many items one thread writes all */
  void write(Path target, int threads, int small, Progress progress) {
    try (Directory directory = new MMapDirectory(target)) {
      if (threads == 1 || catalog.size() < small) {
        alone(directory);
      } else {
        together(directory, threads, progress);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the index " + target + ": " + e.getMessage(), e);
    }
  }

  private void alone(Directory directory) throws IOException {
    IndexWriterConfig config = config(SMALL_BUFFER_MB).setCodec(VectorFormat.alone(options));
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int item = 0; item < catalog.size(); item++) {
        writer.addDocument(documents.document(item, catalog.item(item), vectors.fused(item)));
      }
      writer.forceMerge(1);
      writer.commit();
    }
  }

  private void together(Directory directory, int threads, Progress progress) throws IOException {
    progress.start("ordering items", 1);
    int[] places = ItemOrder.places(vectors);
    progress.advance(1, null);
    progress.finish();
    AtomicLong linked = new AtomicLong();
    IndexWriterConfig config = config(BUFFER_MB).setMergePolicy(NoMergePolicy.INSTANCE)
        .setIndexSort(new Sort(new SortField(PLACE, SortField.Type.LONG)))
        .setInfoStream(new LinkedItems(linked));
    try (ExecutorService executor = Executors.newFixedThreadPool(threads);
        IndexWriter writer = new IndexWriter(directory,
            config.setCodec(VectorFormat.together(options, threads, executor)))) {
      add(writer, places, executor, threads, progress);
      TieredMergePolicy intoOne = new TieredMergePolicy();
      intoOne.setMaxMergedSegmentMB(Integer.MAX_VALUE);
      writer.getConfig().setMergePolicy(intoOne);
      try (ExecutorService merging = Executors.newSingleThreadExecutor()) {
        progress.start("linking items", catalog.size());
        follow(List.of(merging.submit(() -> {
          writer.forceMerge(1);
          return true;
        })), linked, progress);
      }
      writer.commit();
    }
  }

  /** Adds all items, a batch at a time, in at least two segments, so that there is something to merge. */
  private void add(IndexWriter writer, int[] places, ExecutorService executor, int threads, Progress progress)
      throws IOException {
    AtomicInteger next = new AtomicInteger();
    AtomicLong done = new AtomicLong();
    List<Future<Boolean>> adders = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      adders.add(executor.submit(() -> {
        for (int from = next.getAndAdd(BATCH); from < catalog.size(); from = next.getAndAdd(BATCH)) {
          int to = Math.min(from + BATCH, catalog.size());
          for (int item = from; item < to; item++) {
            Document document = documents.document(item, catalog.item(item), vectors.fused(item));
            document.add(new NumericDocValuesField(PLACE, places[item]));
            writer.addDocument(document);
          }
          if (from == 0) {
            writer.flush();
          }
          done.addAndGet(to - from);
        }
        return true;
      }));
    }
    progress.start("indexing items", catalog.size());
    follow(adders, done, progress);
  }

  /** Waits for some jobs and tells how far they are together. */
  private static void follow(List<Future<Boolean>> jobs, AtomicLong done, Progress progress) throws IOException {
    long told = 0;
    try {
      for (Future<Boolean> job : jobs) {
        while (!isDone(job)) {
          long now = done.get();
          progress.advance(now - told, null);
          told = now;
        }
      }
    } finally {
      progress.finish();
    }
  }

  private static boolean isDone(Future<Boolean> job) throws IOException {
    try {
      return job.get(TELL_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the index was built");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IOException(e.getCause());
    }
  }

  private IndexWriterConfig config(double buffer) {
    ConcurrentMergeScheduler scheduler = new ConcurrentMergeScheduler();
    scheduler.disableAutoIOThrottle();
    return new IndexWriterConfig(documents.analyzer()).setRAMBufferSizeMB(buffer)
        .setMergeScheduler(scheduler)
        .setUseCompoundFile(false)
        .setOpenMode(IndexWriterConfig.OpenMode.CREATE);
  }

  /** Lucene tells now and then how many vectors its threads have linked: the one way to see how far it is. */
  private static final class LinkedItems extends InfoStream {
    private static final Pattern BUILT = Pattern.compile("built (\\d+) in");

    private final AtomicLong linked;

    LinkedItems(AtomicLong linked) {
      this.linked = linked;
    }

    @Override
    public void message(String component, String message) {
      Matcher built = BUILT.matcher(message);
      if (built.find()) {
        linked.accumulateAndGet(Long.parseLong(built.group(1)), Math::max);
      }
    }

    @Override
    public boolean isEnabled(String component) {
      return component.equals("HNSW");
    }

    @Override
    public void close() {}
  }
}
