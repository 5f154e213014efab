package io.sfumato.recommend.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** How much memory the process has needed: Java's objects by the JVM's own count, and all of it, heap and native, by the kernel's where it tells. */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int MANY_ITEMS = 1_000_000;

  private PeakMemory() {}

  /** Bytes resident now; -1 where the platform does not tell. */
  static long now() {
    return field("VmRSS:");
  }

  /**
   * What was needed, in bytes: {@code live} (Java objects that are in use now, after a collection), {@code process} (the most that was ever resident, heap and native, with garbage that was not collected because the
   * heap had room for it; -1 unknown), and both at a million items, in which what came on top of a process at rest grows with the items.
   *
   * @param atRest {@link #now} before the work
   * @param items of the work
   */
  static Map<String, Object> facts(long atRest, int items) {
    long process = field("VmHWM:");
    System.gc();
    long live = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("heap_limit", Runtime.getRuntime().maxMemory());
    facts.put("live", live);
    facts.put("process", process);
    facts.put("live_at_million_items", (long) (live * ((double) MANY_ITEMS / items)));
    facts.put("process_at_million_items",
        process < 0 ? -1 : atRest + (long) ((process - atRest) * ((double) MANY_ITEMS / items)));
    return facts;
  }

  private static long field(String name) {
    try {
      if (!Files.isReadable(STATUS)) {
        return -1;
      }
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(name)) {
          return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
      return -1;
    } catch (IOException e) {
      return -1;
    }
  }
}
