package io.sfumato.recommend.retrieval;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.ItemVectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The items of a catalogue in a Lucene index: one document an item with its fused vector, title, text and attributes.
 *
 * <p>How a search is done:
 *
 * <ul>
 * <li><b>Every allowed vector compared</b> (exact): in each segment where at most {@link IndexOptions#exactBelow} items are allowed by filter and exclusions, or no more than are wanted, or so few that a walk
 * which skips the others would cost more: at a million items and the default breadth, some 50,000 to 80,000. Small catalogues, and narrow filters on large ones.
 * <li><b>HNSW graph</b> (approximate): in the other segments. It keeps {@link IndexOptions#breadth} neighbours, down to three tenths of them behind a narrow filter, or a quarter more than are wanted where that is more; filters and exclusions
 * are one bitset, looked up on the way, also where the segment has deletions. Where little is allowed near the query, it begins at the nearest of some allowed items instead and steps on allowed ones alone. With
 * {@link VectorStorage vectors in a smaller form}, what it found is scored anew with the full ones.
 * <li><b>Words alone</b> (BM25): {@link #words}, and {@link #search} without a vector. English stop words and stemming; the title counts twice, attribute values half.
 * <li><b>Both</b>: {@link #search} with a vector takes the best of each and merges them by reciprocal rank.
 * </ul>
 *
 * <p>What is on disk never changes. Items that are {@link #put} or {@link #remove removed} later live in segments in memory, which searches see at once (the next search refreshes); what
 * makes them last is the log of whoever puts them, so there is nothing to commit here.
 *
 * <p>Thread-safe. Holds memory-mapped files: close it.
 */
public final class ItemIndex implements AutoCloseable {
  private static final int WARM_SEARCHES = 200;
  private static final int WARM_LIMIT = 200;

  private final ItemDocuments documents = new ItemDocuments();
  private final IndexOptions options;
  private final VectorSearch vectors;
  private final Directory directory;
  private final LiveViews views;

  private ItemIndex(Directory directory, IndexOptions options) throws IOException {
    this.directory = directory;
    this.vectors = new VectorSearch(options);
    this.options = options;
    this.views = new LiveViews(DirectoryReader.open(directory), VectorFormat.live(options), documents.analyzer());
    Simd.warnIfOff();
  }

  /** As {@link #build(Path, Catalog, ItemVectors, IndexOptions, int, Progress)}, by all processors and without telling how far it is. */
  public static void build(Path target, Catalog catalog, ItemVectors vectors, IndexOptions options) {
    build(target, catalog, vectors, options, Runtime.getRuntime().availableProcessors(), Progress.silent());
  }

  /**
   * Writes the index of a catalogue, as one segment.
   *
   * <p>Up to 50,000 items, or with one thread, the same items make the same index. Above, the threads link the graph at once, and which links it has depends on who came first; its recall does not.
   *
   * @param target an empty or new directory
   * @param vectors one fused vector an item
   * @param threads 1 or more
   */
  public static void build(Path target, Catalog catalog, ItemVectors vectors, IndexOptions options, int threads,
      Progress progress) {
    new IndexBuilder(catalog, vectors, options).write(target, threads, progress);
  }

  /** Opens an index that {@link #build} wrote. */
  public static ItemIndex open(Path source, IndexOptions options) {
    try {
      Directory directory = new MMapDirectory(source);
      try {
        return new ItemIndex(directory, options);
      } catch (IOException | RuntimeException e) {
        directory.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the index " + source + ": " + e.getMessage(), e);
    }
  }

  /** How it is searched. */
  public IndexOptions options() {
    return options;
  }

  /** How many items can be found. */
  public int size() {
    return reading(IndexView::size);
  }

  /** The indices of all items that a filter allows, but these, ascending. */
  public int[] allowed(Filter filter, int[] excluded) {
    return searching(filter, excluded, Allowed::items);
  }

  /**
   * Lets several sources of candidates ask one moment of the index, with one look at filter and exclusions.
   *
   * @param excluded item indices that must not be found, ascending
   */
  public <T> T searching(Filter filter, int[] excluded, Function<Allowed, T> search) {
    return reading(view -> search.apply(new AllowedItems(view, view.allowed(filter, excluded), vectors)));
  }

  /**
   * The items nearest to a vector.
   *
   * @param query unit length; all zeros find nothing
   * @param limit how many at most
   * @param excluded item indices that must not be found, ascending
   * @return items with the inner products of their vectors with the query
   */
  public Hits nearest(float[] query, int limit, Filter filter, int[] excluded) {
    if (isZero(query)) {
      return Hits.NONE;
    }
    return reading(view -> vectors.nearest(view, query, limit, view.allowed(filter, excluded)));
  }

  /**
   * The items that words match best (BM25).
   *
   * @param text as a person would write it: no query syntax; beyond 512 characters it is not read
   */
  public Hits words(String text, int limit, Filter filter, int[] excluded) {
    return reading(view -> words(view, text, limit, view.allowed(filter, excluded)));
  }

  /**
   * The items that a text describes, by its words and, where its vector is given, by meaning.
   *
   * @param vector the text encoded into the space of the items, or null
   */
  public SearchHits search(String text, float @Nullable [] vector, int limit, Filter filter) {
    return reading(view -> {
      Selection allowed = view.allowed(filter, new int[0]);
      if (vector == null || isZero(vector)) {
        Hits words = words(view, text, limit, allowed);
        return new SearchHits(words, words.scores(), new float[words.size()]);
      }
      int pool = Math.max(2 * limit, 100);
      return RankFusion.fuse(words(view, text, pool, allowed), vectors.nearest(view, vector, pool, allowed), limit);
    });
  }

  /** Adds an item, or replaces the one with this index; the next search finds it. */
  public void put(int index, Item item, float[] vector) {
    try {
      views.put(index, item.id(), documents.document(index, item, vector));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes an item; the next search does not find it. */
  public void remove(int index, String id) {
    try {
      views.remove(index, id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the files; searches that run end first. */
  @Override
  public void close() {
    try {
      views.close();
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads all vectors once, so that they are resident as far as memory reaches, and searches for some of them, so that the graph is too and the code is compiled: seconds for a million items. Searches may run
   * meanwhile.
   */
  public void warmUp() {
    reading(view -> {
      for (LeafReaderContext leaf : view.leaves()) {
        warmUp(view, leaf);
      }
      return true;
    });
  }

  private void warmUp(IndexView view, LeafReaderContext leaf) throws IOException {
    FloatVectorValues values = leaf.reader().getFloatVectorValues(ItemDocuments.VECTOR);
    if (values == null) {
      return;
    }
    int step = Math.max(1, values.size() / WARM_SEARCHES);
    int[] nothing = new int[0];
    for (int at = 0; at < values.size(); at++) {
      float[] vector = values.vectorValue(at);
      if (at % step == 0) {
        vectors.nearest(view, vector.clone(), WARM_LIMIT, view.allowed(Filter.ALL, nothing));
      }
    }
  }

  /** What it needs now. */
  public IndexMemory memory() {
    return reading(view -> {
      long[] base = new long[3];
      int segments = 0;
      for (LeafReaderContext leaf : view.leaves()) {
        FieldInfo field = leaf.reader().getFieldInfos().fieldInfo(ItemDocuments.VECTOR);
        if (!view.isBase(leaf)) {
          continue;
        }
        segments++;
        if (field != null && leaf.reader() instanceof CodecReader reader) {
          reader.getVectorReader().getOffHeapByteSize(field).forEach((file, bytes) -> base[switch (file) {
            case "vec" -> 0;
            case "vex" -> 2;
            default -> 1;
          }] += bytes);
        }
      }
      long files = 0;
      for (String file : directory.listAll()) {
        files += directory.fileLength(file);
      }
      return new IndexMemory(base[0], base[1], base[2], files, views.liveBytes(), views.lookupBytes(), segments,
          view.leaves().size() - segments);
    });
  }

  private Hits words(IndexView view, String text, int limit, Selection allowed) throws IOException {
    Query query = documents.words(text);
    if (!allowed.isEverything()) {
      query = new BooleanQuery.Builder().add(query, Occur.MUST).add(new AllowedQuery(allowed), Occur.FILTER).build();
    }
    TopDocs found = view.searcher.search(query, Math.max(1, Math.min(limit, view.reader.maxDoc())));
    int[] items = new int[found.scoreDocs.length];
    float[] scores = new float[items.length];
    for (int rank = 0; rank < items.length; rank++) {
      ScoreDoc hit = found.scoreDocs[rank];
      items[rank] = view.item(hit.doc);
      scores[rank] = hit.score;
    }
    return new Hits(items, scores);
  }

  static boolean isZero(float[] vector) {
    for (float x : vector) {
      if (x != 0) {
        return false;
      }
    }
    return true;
  }

  private <T> T reading(Reading<T> reading) {
    try {
      IndexView view = views.acquireFresh();
      try {
        return reading.read(view);
      } finally {
        views.release(view);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Reading<T> {
    T read(IndexView view) throws IOException;
  }
}
