package io.sfumato.recommend.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** How much memory the process has needed: Java's heap by the JVM's own count, and all of it, heap and native, by the kernel's where it tells. */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int MANY_ITEMS = 1_000_000;

  private PeakMemory() {}

  /** Bytes resident now; -1 where the platform does not tell. */
  static long now() {
    return field("VmRSS:");
  }

  /**
   * The peaks so far, in bytes: {@code heap}, {@code process} (the most that was ever resident, heap and native; -1 unknown), and {@code process_at_million_items}, in which what came on top of a
   * process at rest grows with the items.
   *
   * @param atRest {@link #now} before the work
   * @param items of the work
   */
  static Map<String, Object> facts(long atRest, int items) {
    long heap = ManagementFactory.getMemoryPoolMXBeans()
        .stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
    long process = field("VmHWM:");
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("heap", heap);
    facts.put("process", process);
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
