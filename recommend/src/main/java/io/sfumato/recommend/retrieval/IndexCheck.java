package io.sfumato.recommend.retrieval;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/** Whether an index on disk can be that of a catalogue, told from the little that Lucene writes about its segments, before anything is opened and memory taken for it. */
public final class IndexCheck {
  private static final int MAX_SEGMENTS = 1_000;

  private IndexCheck() {}

  /**
   * Checks the segments: as many documents as there are items, none deleted.
   *
   * @param items in the catalogue
   * @return the number of segments
   * @throws IOException where the index is another catalogue's, or none
   */
  public static int check(Path source, int items) throws IOException {
    try (Directory directory = new MMapDirectory(source)) {
      SegmentInfos segments = SegmentInfos.readLatestCommit(directory);
      if (segments.size() > MAX_SEGMENTS) {
        throw new IOException("the index has %d segments, more than the %d that are read".formatted(segments.size(),
            MAX_SEGMENTS));
      }
      long documents = 0;
      for (SegmentCommitInfo segment : segments) {
        if (segment.info.maxDoc() < 0 || segment.getDelCount() != 0 || segment.getSoftDelCount() != 0) {
          throw new IOException("the index has a segment of %d documents, %d deleted; those of a bundle have none"
              .formatted(segment.info.maxDoc(), segment.getDelCount()));
        }
        documents += segment.info.maxDoc();
      }
      if (documents != items) {
        throw new IOException("the index has %d documents but the catalogue %d items".formatted(documents, items));
      }
      return segments.size();
    }
  }
}
