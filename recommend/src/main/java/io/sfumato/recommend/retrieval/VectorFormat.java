package io.sfumato.recommend.retrieval;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;
import org.jspecify.annotations.Nullable;

/**
 * Lucene's HNSW graph over vectors in one of the forms of {@link VectorStorage}, for dimensions beyond Lucene's 1,024 as well. Indexes are read by Lucene's own format of the same name, whichever options they
 * are opened with.
 *
 * <p>Segments that are flushed and segments that are merged may be written differently: of a large index, only the one that remains needs a graph.
 */
final class VectorFormat extends KnnVectorsFormat {
  private static final int MAX_DIMENSIONS = 4096;
  private static final int ALWAYS = 0;
  private static final int NEVER = Integer.MAX_VALUE;

  private final KnnVectorsFormat flushed;
  private final KnnVectorsFormat merged;

  private VectorFormat(KnnVectorsFormat flushed, KnnVectorsFormat merged) {
    super(flushed.getName());
    this.flushed = flushed;
    this.merged = merged;
  }

  /** For an index that is made at once by one thread: every segment has its graph, and the same items give the same one. */
  static Codec alone(IndexOptions options) {
    KnnVectorsFormat format = format(options, options.storage(), ALWAYS, 1, null);
    return codec(new VectorFormat(format, format));
  }

  /**
   * For an index of which only the merged segment counts: the graph is built once, by several threads.
   *
   * @param threads 1 or more; more than one make a graph that is not the same each time
   */
  static Codec together(IndexOptions options, int threads, ExecutorService executor) {
    return codec(new VectorFormat(format(options, options.storage(), NEVER, 1, null),
        format(options, options.storage(), ALWAYS, threads, threads > 1 ? executor : null)));
  }

  /** For updates: float32, and no graph in a segment that is searched exactly anyway. */
  static Codec live(IndexOptions options) {
    int items = Math.max(options.exactBelow(), 100);
    int least = (int) (items / Math.log(items)); // Lucene makes a graph from n items on where n > least · ln n
    KnnVectorsFormat format = format(options, VectorStorage.FLOAT32, least, 1, null);
    return codec(new VectorFormat(format, format));
  }

  /** Whether scores along the graph of a field are of a smaller form than its vectors. */
  static boolean approximate(@Nullable FieldInfo field) {
    return field != null && !"Lucene99HnswVectorsFormat"
        .equals(field.getAttribute(PerFieldKnnVectorsFormat.PER_FIELD_FORMAT_KEY));
  }

  private static KnnVectorsFormat format(IndexOptions options, VectorStorage storage, int threshold, int threads,
      @Nullable ExecutorService executor) {
    int links = options.links();
    int breadth = options.buildBreadth();
    return storage == VectorStorage.FLOAT32
        ? new Lucene99HnswVectorsFormat(links, breadth, threads, executor, threshold)
        : new Lucene104HnswScalarQuantizedVectorsFormat(encoding(storage), links, breadth, threads, executor,
            threshold);
  }

  private static ScalarEncoding encoding(VectorStorage storage) {
    return switch (storage) {
      case INT4 -> ScalarEncoding.PACKED_NIBBLE;
      case BBQ -> ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE;
      case FLOAT32, INT8 -> ScalarEncoding.UNSIGNED_BYTE;
    };
  }

  private static Codec codec(KnnVectorsFormat format) {
    return new Lucene104Codec() {
      @Override
      public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return format;
      }
    };
  }

  @Override
  public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
    return (state.context.context() == IOContext.Context.MERGE ? merged : flushed).fieldsWriter(state);
  }

  @Override
  public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
    return flushed.fieldsReader(state);
  }

  @Override
  public int getMaxDimensions(String fieldName) {
    return MAX_DIMENSIONS;
  }
}
