package io.sfumato.recommend.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long each stage of a training took: a log line a stage, and all of them by name. Not thread-safe. */
final class Stages {
  private static final Logger LOG = LoggerFactory.getLogger(Stages.class);

  private final Map<String, Double> seconds = new LinkedHashMap<>();

  /** Does some work and notes how long it took; a stage that comes again adds up. */
  <T extends @Nullable Object> T time(String stage, Supplier<T> work) {
    long begin = System.nanoTime();
    T result = work.get();
    double took = (System.nanoTime() - begin) / 1e9;
    seconds.merge(stage, took, Double::sum);
    LOG.info("stage {}: {} s", stage, String.format(Locale.ROOT, "%.1f", took));
    return result;
  }

  /** Seconds by stage, in the order in which they began. */
  Map<String, Double> seconds() {
    return Collections.unmodifiableMap(seconds);
  }
}
