package io.sfumato.recommend;

import io.sfumato.encoders.Progress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Answers many requests on all cores and hands the answers over in the order of the requests, holding no more than {@value #CHUNK} at once. */
final class BatchRequests {
  private static final int CHUNK = 1024;

  private BatchRequests() {}

  /**
   * @param answer thread-safe
   * @param answers is called on this thread alone
   * @param progress counts people
   */
  static void run(Collection<String> users, Function<String, BatchAnswer> answer, Consumer<? super BatchAnswer> answers,
      Progress progress) {
    progress.start("recommending", users.size());
    try {
      List<String> chunk = new ArrayList<>(CHUNK);
      for (Iterator<String> all = users.iterator(); all.hasNext();) {
        chunk.add(all.next());
        if (chunk.size() == CHUNK || !all.hasNext()) {
          chunk.parallelStream().map(answer).toList().forEach(answers);
          progress.advance(chunk.size(), null);
          chunk.clear();
        }
      }
    } finally {
      progress.finish();
    }
  }
}
