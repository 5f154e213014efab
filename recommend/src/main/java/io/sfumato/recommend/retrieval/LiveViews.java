package io.sfumato.recommend.retrieval;

import java.io.IOException;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.ReferenceManager;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Hands out views of an index that is updated: the unchanging segments of a bundle together with a Lucene index in memory for what came later.
 *
 * <p>A document of the bundle that was replaced or removed is marked here, not in Lucene, so that the bundle's segments never have deletions and its files never change. The mark and the
 * document that comes in its place become visible together. Thread-safe.
 */
final class LiveViews extends ReferenceManager<IndexView> {
  private static final double LIVE_BUFFER_MB = 64;
  private static final int LIVE_BUFFER_ITEMS = 8_000; // too few for a graph, which merging then makes in the background
  private static final int MERGES_WAITING = 100;
  private static final double LIVE_FLOOR_MB = 1;
  private static final int LIVE_SEGMENTS_A_TIER = 4;
  private static final int LIVE_DELETES_PERCENT = 20;
  private static final long FILTER_BYTES = 64L << 20;

  private final DirectoryReader base;
  private final ItemNumbers numbers;
  private final FilterCache filters = new FilterCache(FILTER_BYTES);
  private final Codec codec;
  private final Analyzer analyzer;
  private final FixedBitSet dead;
  private @Nullable Directory memory;
  private @Nullable IndexWriter writer;
  private volatile long changes;

  /** Takes over the reader of the bundle's segments. */
  LiveViews(DirectoryReader base, Codec codec, Analyzer analyzer) throws IOException {
    this.base = base;
    this.codec = codec;
    this.analyzer = analyzer;
    try {
      this.numbers = new ItemNumbers(base);
    } catch (IOException | RuntimeException e) {
      base.close();
      throw e;
    }
    this.dead = new FixedBitSet(base.maxDoc());
    base.incRef();
    this.current = new IndexView(base, null, numbers, filters, dead.clone(), 0);
  }

  /** A view that knows every update that had returned before this call; to be released. */
  IndexView acquireFresh() throws IOException {
    IndexView view = acquire();
    if (view.changes >= changes) {
      return view;
    }
    release(view);
    maybeRefreshBlocking();
    return acquire();
  }

  synchronized void put(int index, String id, Document document) throws IOException {
    writer().updateDocument(new Term(ItemDocuments.ID, id), document);
    bury(index);
  }

  synchronized void remove(int index, String id) throws IOException {
    writer().deleteDocuments(new Term(ItemDocuments.ID, id));
    bury(index);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // always under the lock of this object
  private void bury(int index) {
    int doc = numbers.docOf(index);
    if (doc >= 0) {
      dead.set(doc);
    }
    changes++;
  }

  private IndexWriter writer() throws IOException {
    if (writer == null) {
      ConcurrentMergeScheduler scheduler = new ConcurrentMergeScheduler();
      scheduler.setMaxMergesAndThreads(MERGES_WAITING, 1); // one at a time, the smallest first, and no update waits for them
      scheduler.disableAutoIOThrottle();
      TieredMergePolicy few = new TieredMergePolicy();
      few.setSegmentsPerTier(LIVE_SEGMENTS_A_TIER);
      few.setFloorSegmentMB(LIVE_FLOOR_MB);
      few.setDeletesPctAllowed(LIVE_DELETES_PERCENT);
      memory = new ByteBuffersDirectory();
      writer = new IndexWriter(memory,
          new IndexWriterConfig(analyzer).setCodec(codec)
              .setRAMBufferSizeMB(LIVE_BUFFER_MB)
              .setMaxBufferedDocs(LIVE_BUFFER_ITEMS)
              .setMergePolicy(few)
              .setMergeScheduler(scheduler)
              .setMaxFullFlushMergeWaitMillis(0) // a search that looks for updates does not wait for merges
              .setUseCompoundFile(false));
    }
    return writer;
  }

  /** Bytes on the heap of what was put and removed. */
  synchronized long liveBytes() throws IOException {
    long bytes = writer == null ? 0 : writer.ramBytesUsed();
    if (memory != null) {
      for (String file : memory.listAll()) {
        bytes += memory.fileLength(file);
      }
    }
    return bytes;
  }

  /** Bytes on the heap of what is looked up. */
  long lookupBytes() {
    return numbers.bytes() + filters.bytes();
  }

  @Override
  protected synchronized @Nullable IndexView refreshIfNeeded(IndexView old) throws IOException {
    if (old.changes >= changes || writer == null) {
      return null;
    }
    DirectoryReader live = newest(old.live, writer);
    try {
      IndexReader both = new MultiReader(new IndexReader[]{base, live}, false); // keeps a reference of each
      try {
        return new IndexView(both, live, numbers, filters, dead.clone(), changes);
      } catch (IOException | RuntimeException e) {
        both.decRef();
        throw e;
      }
    } finally {
      live.decRef();
    }
  }

  /** The live segments with all updates; one reference of it is the caller's. */
  private static DirectoryReader newest(@Nullable DirectoryReader old, IndexWriter writer) throws IOException {
    if (old == null) {
      return DirectoryReader.open(writer);
    }
    DirectoryReader changed = DirectoryReader.openIfChanged(old, writer);
    if (changed != null) {
      return changed;
    }
    old.incRef();
    return old;
  }

  @Override
  protected void decRef(IndexView view) throws IOException {
    view.reader.decRef();
  }

  @Override
  protected boolean tryIncRef(IndexView view) {
    return view.reader.tryIncRef();
  }

  @Override
  protected int getRefCount(IndexView view) {
    return view.reader.getRefCount();
  }

  @Override
  protected synchronized void afterClose() throws IOException {
    if (writer != null) {
      writer.rollback();
    }
    if (memory != null) {
      memory.close();
    }
    base.decRef();
  }
}
