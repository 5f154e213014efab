package io.sfumato.recommend.bench;

import io.sfumato.encoders.Progress;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.retrieval.Filter;
import io.sfumato.recommend.retrieval.IndexOptions;
import io.sfumato.recommend.retrieval.ItemIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What nearest neighbours alone cost here and in JVector at the same recall, over the same vectors in the same run: for each, neighbours kept while searching are varied (and JVector's links: 16 and 32, up to
 * 200,000 items; 32 above), and the CPU time at a recall is read off between the two settings around it.
 */
final class PeerBench {
  static final int WANTED = 100;
  private static final double[] RECALLS = {0.95, 0.99};
  private static final int[] BREADTHS = {125, 160, 200, 250, 320, 400, 500, 640, 800, 1000, 1300, 1700};
  private static final int BOTH_LINKS_BELOW = 200_000;
  private static final double ENOUGH = 0.992;

  private final MadeVectors vectors;
  private final int[][] truth;
  private final Progress progress;

  /** @param truth the exact nearest items of the first queries, the best first, {@value #WANTED} or more */
  PeerBench(MadeVectors vectors, int[][] truth, Progress progress) {
    this.vectors = vectors;
    this.truth = truth;
    this.progress = progress;
  }

  private interface Search {
    int[] nearest(float[] query, int breadth);
  }

  /** Recall and CPU time of one setting. */
  private record Point(int breadth, double recall, double cpu) {}

  /** Both, and their ratios. */
  Map<String, Object> run(Path index, IndexOptions options) {
    List<Point> own = new ArrayList<>();
    progress.start("searching here", BREADTHS.length);
    for (int breadth : BREADTHS) {
      try (ItemIndex opened = ItemIndex.open(index, options.withBreadth(breadth))) {
        own.add(measure(breadth, (query, b) -> opened.nearest(query, WANTED, Filter.ALL, new int[0]).items()));
      }
      progress.advance(1, null);
      if (own.getLast().recall > ENOUGH) {
        break;
      }
    }
    progress.finish();
    Map<String, Object> sfumato = figures(own);
    Map<String, Object> jvector = new LinkedHashMap<>();
    for (int links : vectors.items() <= BOTH_LINKS_BELOW ? new int[]{16, 32} : new int[]{32}) {
      jvector.put("links_" + links, jvector(links));
    }
    Map<String, Object> ratio = new LinkedHashMap<>();
    for (double recall : RECALLS) {
      String name = name(recall);
      Double best = null;
      for (Object one : jvector.values()) {
        if (one instanceof Map<?, ?> figures && figures.get(name) instanceof Double cpu) {
          best = best == null ? cpu : Double.valueOf(Math.min(best, cpu));
        }
      }
      ratio.put(name, best != null && sfumato.get(name) instanceof Double cpu ? cpu / best : null);
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("queries", truth.length);
    figures.put("sfumato", sfumato);
    figures.put("jvector", jvector);
    figures.put("ratio", ratio);
    return figures;
  }

  private Map<String, Object> jvector(int links) {
    progress.start("building and searching JVector's graph of " + links + " links", BREADTHS.length + 1);
    long begin = System.nanoTime();
    double cpu = ServeBench.processCpu();
    try (JVectorPeer peer = new JVectorPeer(vectors, links)) {
      double built = (System.nanoTime() - begin) / 1e9;
      double builtCpu = ServeBench.processCpu() - cpu;
      progress.advance(1, null);
      List<Point> points = new ArrayList<>();
      for (int breadth : BREADTHS) {
        points.add(measure(breadth, (query, b) -> peer.nearest(query, WANTED, b)));
        progress.advance(1, null);
        if (points.getLast().recall > ENOUGH) {
          break;
        }
      }
      Map<String, Object> figures = figures(points);
      figures.put("build_s", built);
      figures.put("build_cpu_s", builtCpu);
      return figures;
    } catch (NoClassDefFoundError e) {
      throw new RecommendException("PEER_MISSING",
          "JVector is not on the class path (io.github.jbellis:jvector); add it, or leave the comparison out with --no-peers");
    } finally {
      progress.finish();
    }
  }

  private Point measure(int breadth, Search search) {
    for (int q = 0; q < truth.length; q++) { // until the code is compiled and what it reads is near
      search.nearest(vectors.query(q), breadth);
    }
    int[][] found = new int[truth.length][];
    long begin = ServeBench.threadCpu();
    for (int q = 0; q < found.length; q++) {
      found[q] = search.nearest(vectors.query(q), breadth);
    }
    double cpu = (ServeBench.threadCpu() - begin) / 1e3 / found.length;
    double recall = 0;
    for (int q = 0; q < found.length; q++) {
      recall += Truth.recall(found[q], truth[q], WANTED);
    }
    return new Point(breadth, recall / found.length, cpu);
  }

  private static Map<String, Object> figures(List<Point> points) {
    Map<String, Object> figures = new LinkedHashMap<>();
    for (double recall : RECALLS) {
      figures.put(name(recall), at(points, recall));
    }
    List<Map<String, Object>> sweep = new ArrayList<>();
    for (Point point : points) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("breadth", point.breadth);
      one.put("recall100", point.recall);
      one.put("cpu_us", point.cpu);
      sweep.add(one);
    }
    figures.put("sweep", sweep);
    return figures;
  }

  private static String name(double recall) {
    return recall == 0.95 ? "cpu_us_at_95" : "cpu_us_at_99";
  }

  /** CPU time at a recall, between the settings around it; the cheapest setting where even that exceeds it, null where none reaches it. */
  private static @Nullable Double at(List<Point> points, double recall) {
    for (int p = 0; p < points.size(); p++) {
      Point above = points.get(p);
      if (above.recall >= recall) {
        if (p == 0) {
          return above.cpu;
        }
        Point below = points.get(p - 1);
        double share = (recall - below.recall) / (above.recall - below.recall);
        return below.cpu + share * (above.cpu - below.cpu);
      }
    }
    return null;
  }
}
