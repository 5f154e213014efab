package io.sfumato.recommend.cli;

import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What libraries log: their warnings in one line each, and nothing that a user need not know. */
final class Libraries {
  /** Of the JDK's own logging, kept here because it forgets loggers that nobody holds. */
  private static final Map<Logger, Level> HELD = Map.of(Logger.getLogger("org.apache.lucene"), Level.WARNING,
      Logger.getLogger("io.helidon"), Level.WARNING,
      // Short commands run without the optimising compiler, so without SIMD, on purpose: see the launcher.
      Logger.getLogger("org.apache.lucene.internal.vectorization"), Level.SEVERE);

  private static final Map<String, String> SIMPLE_LOGGER = Map.of("org.slf4j.simpleLogger.defaultLogLevel", "warn",
      "org.slf4j.simpleLogger.showThreadName", "false", "org.slf4j.simpleLogger.showLogName", "false",
      // A machine without a GPU is not worth four warnings.
      "org.slf4j.simpleLogger.log.ai.djl.util.cuda.CudaUtils", "error");

  private Libraries() {}

  /** To be called before anything is logged. What the JVM was told with -D stays. */
  static void quiet() {
    HELD.forEach(Logger::setLevel);
    SIMPLE_LOGGER.forEach((key, value) -> System.getProperties().putIfAbsent(key, value));
  }
}
