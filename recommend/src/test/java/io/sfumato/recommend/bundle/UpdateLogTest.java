package io.sfumato.recommend.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdateLogTest {
  @TempDir
  Path directory;

  private Path file;

  @BeforeEach
  void path() {
    file = directory.resolve("people/feedback.log");
  }

  private static String text(byte[] record) {
    return new String(record, StandardCharsets.UTF_8);
  }

  private List<String> read() {
    List<String> records = new ArrayList<>();
    UpdateLog.open(file, record -> records.add(text(record))).close();
    return records;
  }

  private void append(String... records) {
    try (UpdateLog log = UpdateLog.open(file, record -> {})) {
      for (String record : records) {
        log.append(UpdateLog.record(record));
      }
    }
  }

  @Test
  void givesRecordsBackInOrder() {
    assertThat(read()).isEmpty();
    assertThat(file).doesNotExist();
    append("one", "zwei", "три");
    append("four");
    assertThat(read()).containsExactly("one", "zwei", "три", "four");
  }

  /** A crash can leave any prefix of the last record, or zeros where the file had grown but its bytes had not come. */
  @Test
  void passesOverARecordThatACrashCutOff() throws IOException {
    append("one", "two");
    byte[] whole = Files.readAllBytes(file);
    int first = 8 + 3;
    for (int length = first; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(read()).containsExactly("one");
      Files.write(file, Arrays.copyOf(Arrays.copyOf(whole, length), whole.length + 20));
      if (length == first) {
        assertThat(read()).containsExactly("one");
      }
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    append("three");
    assertThat(read()).containsExactly("one", "three");
  }

  @Test
  void refusesARecordDamagedInTheMiddle() throws IOException {
    append("one", "two", "three");
    byte[] bytes = Files.readAllBytes(file);
    bytes[9] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(BundleException.class, e -> assertThat(e.code()).isEqualTo("CORRUPT"))
        .hasMessageContaining("byte 0 of " + file);
  }

  @Test
  void readsWhatAnotherWroteBeforeItWrites() {
    List<String> seen = new ArrayList<>();
    try (UpdateLog late = UpdateLog.open(file, record -> seen.add(text(record)))) {
      append("other");
      assertThat(seen).isEmpty();
      late.append(UpdateLog.record("own"));
      assertThat(seen).containsExactly("other", "own");
      assertThatThrownBy(() -> append("third"))
          .isInstanceOfSatisfying(BundleException.class, e -> assertThat(e.code()).isEqualTo("IN_USE"));
    }
    assertThat(read()).containsExactly("other", "own");
  }

  /** Of records like "a1" the letter is what they are about. */
  private static LogSelection lastOfEachLetter() {
    Map<Byte, Long> last = new LinkedHashMap<>();
    return new LogSelection() {
      @Override
      public void next(byte[] record, long at) {
        last.remove(record[0]);
        last.put(record[0], at);
      }

      @Override
      public long[] counting() {
        return last.values().stream().mapToLong(Long::longValue).toArray();
      }
    };
  }

  private UpdateLog selecting(List<String> seen) {
    return UpdateLog.open(file, Duration.ZERO, UpdateLogTest::lastOfEachLetter, record -> seen.add(text(record)));
  }

  @Test
  void compactedItHoldsWhatCountsAndGoesOn() {
    append("a1", "b1", "a2", "c1", "b2");
    List<String> seen = new ArrayList<>();
    try (UpdateLog log = selecting(seen)) {
      assertThat(seen).containsExactly("a2", "c1", "b2");
      assertThat(log.records()).isEqualTo(5);
      assertThat(log.counting()).isEqualTo(3);
      CompactedLog done = log.compact();
      assertThat(done.records()).isEqualTo(5);
      assertThat(done.kept()).isEqualTo(3);
      assertThat(done.bytesAfter()).isEqualTo(file.toFile().length());
      log.append(UpdateLog.record("d1"));
      log.append(UpdateLog.record("a3"));
      List<String> since = new ArrayList<>();
      log.between(done.bytesAfter(), log.end(), record -> since.add(text(record)));
      assertThat(since).containsExactly("d1", "a3");
    }
    assertThat(read()).containsExactly("a2", "c1", "b2", "d1", "a3");
    assertThat(UpdateLog.beside(file)).doesNotExist();
  }

  /** Where it had read to means nothing in the file that another has written since. */
  @Test
  void whoeverOpenedBeforeAnotherCompactedReadsEverythingAgain() {
    append("a1", "a2", "a3", "b1");
    List<String> early = new ArrayList<>();
    try (UpdateLog late = selecting(early)) {
      try (UpdateLog other = selecting(new ArrayList<>())) {
        other.compact();
        other.append(UpdateLog.record("c1"));
      }
      assertThat(early).containsExactly("a3", "b1");
      assertThatThrownBy(() -> late.between(0, late.end(), record -> {})).hasMessageContaining("another program");
      late.append(UpdateLog.record("d1"));
      assertThat(early).containsExactly("a3", "b1", "a3", "b1", "c1", "d1");
    }
    assertThat(read()).containsExactly("a3", "b1", "c1", "d1");
  }

  @Test
  void aLogThatCannotBeCompactedGoesOnAsItWas() throws IOException {
    append("a1", "a2");
    List<String> seen = new ArrayList<>();
    try (UpdateLog log = selecting(seen)) {
      log.append(UpdateLog.record("a3"));
      Path inTheWay = UpdateLog.beside(file);
      Files.createDirectories(inTheWay.resolve("folder"));
      assertThatThrownBy(log::compact)
          .isInstanceOfSatisfying(BundleException.class, e -> assertThat(e.code()).isEqualTo("IO"));
      log.append(UpdateLog.record("a4"));
      assertThat(log.records()).isEqualTo(4);
      Files.delete(inTheWay.resolve("folder"));
      Files.delete(inTheWay);
      assertThat(log.compact().kept()).isEqualTo(1);
    }
    assertThat(read()).containsExactly("a4");
  }

  @Test
  void recordsThatComeWhileItIsCompactedAreKept() throws InterruptedException, ExecutionException {
    try (UpdateLog log = selecting(new ArrayList<>()); ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Future<?> appending = pool.submit(() -> IntStream.range(0, 2000)
          .forEach(i -> log.append(UpdateLog.record((char) ('a' + i % 20) + "" + i))));
      while (!appending.isDone()) {
        log.compact();
      }
      appending.get();
      assertThat(log.compact().kept()).isEqualTo(20);
    }
    assertThat(read()).containsExactlyElementsOf(
        IntStream.range(1980, 2000).mapToObj(i -> (char) ('a' + i % 20) + "" + i).toList());
  }

  /** By POSIX, closing any channel to a file lets go of the program's locks on it. */
  @Test
  void keepsAnotherProgramOutAlsoAfterItWasReadHere() throws IOException, InterruptedException {
    try (UpdateLog log = selecting(new ArrayList<>())) {
      log.append(UpdateLog.record("a1"));
      assertThat(read()).containsExactly("a1");
      log.between(0, log.end(), record -> {});
      log.compact();
      assertThatThrownBy(() -> append("b1")).hasMessageContaining("another program");
      assertThat(otherProgram()).isEqualTo("IN_USE");
    }
    assertThat(otherProgram()).isEqualTo("appended");
    assertThat(read()).containsExactly("a1", "other");
  }

  private String otherProgram() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Xmx64m", "-cp",
        System.getProperty("java.class.path"), Other.class.getName(), file.toString()).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  /** A program that appends a record to a log, and says what came of it. */
  static final class Other {
    public static void main(String[] arguments) {
      try (UpdateLog log = UpdateLog.open(Path.of(arguments[0]), record -> {})) {
        log.append(UpdateLog.record("other"));
        System.out.print("appended");
      } catch (BundleException e) {
        System.out.print(e.code());
      }
    }
  }

  @Test
  void takesRecordsFromManyThreads() throws InterruptedException, ExecutionException {
    try (UpdateLog log = UpdateLog.open(file, record -> {}); ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int thread = t;
        tasks.add(pool.submit(() -> IntStream.range(0, 50)
            .forEach(i -> log.append(UpdateLog.record(thread + ":" + i)))));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    }
    List<String> records = read();
    assertThat(records).hasSize(200).doesNotHaveDuplicates();
    for (int t = 0; t < 4; t++) {
      int thread = t;
      assertThat(records.stream().filter(r -> r.startsWith(thread + ":")).toList())
          .containsExactlyElementsOf(IntStream.range(0, 50).mapToObj(i -> thread + ":" + i).toList());
    }
  }

  @Test
  void refusesEmptyRecordsAndUseAfterClose() {
    UpdateLog log = UpdateLog.open(file, record -> {});
    assertThatThrownBy(() -> log.append(new byte[0])).hasMessageContaining("must have 1 to");
    log.close();
    assertThatThrownBy(() -> log.append(UpdateLog.record("x"))).hasMessageContaining("is closed");
  }
}
