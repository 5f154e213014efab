package io.sfumato.recommend.retrieval;

import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether vectors are compared by the processor's vector instructions, which halves what a search costs. */
public final class Simd {
  /** What to add to the command line of the JVM. */
  public static final String FLAG = "--add-modules jdk.incubator.vector";

  private static final Logger LOG = LoggerFactory.getLogger(Simd.class);

  private Simd() {}

  /** Asked when the first index is opened. */
  private static final class Warned {
    static final boolean ON = check();

    private static boolean check() {
      boolean on = isOn();
      if (!on && !hasModule()) {
        LOG.warn("vector instructions are off and searches cost about twice as much; start java with {}", FLAG);
      }
      return on;
    }
  }

  /** Whether Lucene uses them in this JVM: it needs the module, and the optimising compiler (C2). */
  public static boolean isOn() {
    return FlatVectorScorerUtil.getLucene99FlatVectorsScorer().getClass().getSimpleName().contains("MemorySegment");
  }

  /** Whether this JVM was started with {@link #FLAG}. */
  public static boolean hasModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** In words: {@code on}, or {@code off} and why. */
  public static String describe() {
    if (isOn()) {
      return "on";
    }
    return hasModule() ? "off: this JVM runs without its optimising compiler" : "off: start java with " + FLAG;
  }

  /** Warns once a JVM where they are off for want of the flag. */
  static boolean warnIfOff() {
    return Warned.ON;
  }
}
