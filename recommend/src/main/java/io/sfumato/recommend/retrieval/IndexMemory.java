package io.sfumato.recommend.retrieval;

/**
 * What an index needs, in bytes. Vectors and graph of the bundle are memory-mapped files: they count as the process's memory only as far as they are resident, and are shared with other processes that map them.
 *
 * @param vectors float32 vectors, memory-mapped
 * @param compressed smaller forms of the vectors that the graph walks on, memory-mapped; 0 for float32
 * @param graph links of the graph, memory-mapped
 * @param files of the bundle's index on disk, all of them
 * @param live on the heap, for items put or removed since the bundle was written
 * @param lookup on the heap: from documents to items and back, and what is remembered of filters
 * @param segments of the bundle's index
 * @param liveSegments of the index of updates
 */
public record IndexMemory(long vectors, long compressed, long graph, long files, long live, long lookup, int segments,
    int liveSegments) {}
