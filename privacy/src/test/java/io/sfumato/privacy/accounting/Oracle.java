package io.sfumato.privacy.accounting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code reference_accounting.json}: what dp_accounting, Opacus, quadrature and closed forms say. A null there is "not computed". */
final class Oracle {
  private static final JsonNode ROOT = read();

  private Oracle() {}

  private static JsonNode read() {
    try (InputStream in = Oracle.class.getResourceAsStream("reference_accounting.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonNode> rows(String table) {
    List<JsonNode> rows = new ArrayList<>();
    ROOT.get(table).forEach(rows::add);
    return rows;
  }

  static boolean has(JsonNode row, String name) {
    return row.path(name).isNumber();
  }

  static double number(JsonNode row, String name) {
    return row.get(name).doubleValue();
  }

  static List<Phase> phases(JsonNode row) {
    if (row.has("history_sigma_q_steps")) {
      List<Phase> phases = new ArrayList<>();
      for (JsonNode phase : row.get("history_sigma_q_steps")) {
        phases.add(Phase.of(phase.get(0).doubleValue(), phase.get(1).doubleValue(), phase.get(2).longValue()));
      }
      return phases;
    }
    return List.of(Phase.of(number(row, "sigma"), row.path("q").asDouble(1), row.path("steps").asLong(1)));
  }

  /** CPU time of this thread: other work on the machine does not count. */
  static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** CPU nanoseconds that this machine takes for one transform of the longest length that there is: what is dear on one machine is dear on another. */
  static long transformNanos() {
    long[] taken = new long[9];
    for (int round = 0; round < taken.length; round++) {
      double[] re = new double[1 << 19];
      double[] im = new double[1 << 19];
      re[round] = 1;
      long start = cpuNanos();
      Fft.forward(re, im);
      taken[round] = cpuNanos() - start;
    }
    Arrays.sort(taken);
    return taken[taken.length / 2];
  }
}
