package io.sfumato.recommend.retrieval;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.fusion.ItemVectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * The items of a catalogue in a Lucene index: one document an item with its fused vector, title, text and attributes.
 *
 * <p>How a search is done:
 *
 * <ul>
 * <li><b>Every allowed vector compared</b> (exact): in each segment where at most {@link IndexOptions#exactBelow} items are allowed by filter and exclusions, or no more than are wanted. Small catalogues, and narrow filters on large ones.
 * <li><b>HNSW graph</b> (approximate): in the other segments. It keeps {@link IndexOptions#breadth} neighbours, or a quarter more than are wanted where that is more; filters and exclusions
 * are one bitset, looked up on the way, also where the segment has deletions.
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
  private static final double BUILD_BUFFER_MB = 512;

  private final ItemDocuments documents = new ItemDocuments();
  private final VectorSearch vectors;
  private final Directory directory;
  private final LiveViews views;

  private ItemIndex(Directory directory, IndexOptions options) throws IOException {
    this.directory = directory;
    this.vectors = new VectorSearch(options);
    this.views = new LiveViews(DirectoryReader.open(directory), VectorFormat.codec(options), documents.analyzer());
  }

  /**
   * Writes the index of a catalogue, as one segment.
   *
   * @param target an empty or new directory
   * @param vectors one fused vector an item
   */
  public static void build(Path target, Catalog catalog, ItemVectors vectors, IndexOptions options) {
    if (catalog.size() != vectors.size()) {
      throw new IllegalArgumentException(
          "the catalogue has %d items but there are vectors of %d".formatted(catalog.size(), vectors.size()));
    }
    ItemDocuments documents = new ItemDocuments();
    IndexWriterConfig config = new IndexWriterConfig(documents.analyzer()).setCodec(VectorFormat.codec(options))
        .setRAMBufferSizeMB(BUILD_BUFFER_MB)
        .setUseCompoundFile(false)
        .setOpenMode(IndexWriterConfig.OpenMode.CREATE);
    try (Directory directory = new MMapDirectory(target); IndexWriter writer = new IndexWriter(directory, config)) {
      for (int item = 0; item < catalog.size(); item++) {
        writer.addDocument(documents.document(item, catalog.item(item), vectors.fused(item)));
      }
      writer.forceMerge(1);
      writer.commit();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the index " + target + ": " + e.getMessage(), e);
    }
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
      FixedBitSet[] allowed = view.allowed(filter, new int[0]);
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

  private Hits words(IndexView view, String text, int limit, FixedBitSet @Nullable [] allowed) throws IOException {
    Query query = documents.words(text);
    if (allowed != null) {
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
