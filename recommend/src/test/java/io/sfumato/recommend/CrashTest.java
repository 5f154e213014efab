package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.recommend.crash.CrashFileSystem;
import io.sfumato.recommend.crash.RecordedDisk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing acknowledged is lost, and nothing half-written is in the way, whenever a program is killed or a disk stops. Both are tried a few times here, and a hundred times with
 * {@code -Dsfumato.kills=100 -Dsfumato.stops=100}.
 */
class CrashTest {
  private static final int KILLS = Integer.getInteger("sfumato.kills", 3);
  private static final int STOPS = Integer.getInteger("sfumato.stops", 20);
  private static final int TURNS = 12;
  /** Updates that a program has told of before it may be killed, however long a busy machine takes for them. */
  private static final int FIRST = 12;

  @TempDir
  Path directory;

  /** A program that updates, compacts, swaps, copies, writes and prunes is killed at a random moment after its first updates, again and again, on the same store. */
  @Test
  void survivesBeingKilled() throws IOException, InterruptedException {
    CrashWorkload.prepare(directory);
    SplittableRandom random = new SplittableRandom(7);
    CrashCheck check = new CrashCheck();
    for (int kill = 0; kill < KILLS; kill++) {
      List<String> lines = killed(kill, random.nextInt(1500));
      assertThat(lines).as("lines of run %d", kill).contains("begin");
      lines.forEach(check::told);
      check.check(directory, "kill-" + kill);
      for (String copy : check.removeSnapshots()) {
        delete(directory.resolve(copy));
      }
      delete(directory.resolve("after-kill-" + kill));
    }
    assertThat(check.acknowledged()).isGreaterThan(10 * KILLS);
  }

  private List<String> killed(int run, int afterMillis) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m",
        "-XX:TieredStopAtLevel=1", "--add-modules", "jdk.incubator.vector",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
        "-cp", System.getProperty("java.class.path"), CrashWorkload.class.getName(), directory.toString(),
        Integer.toString(run)).redirectError(directory.resolve("errors.txt").toFile()).start();
    List<String> lines = new ArrayList<>();
    int updates = 0;
    try (BufferedReader out = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if ((line.startsWith("F ") || line.startsWith("P ")) && ++updates == FIRST) {
          Thread.ofVirtual().start(() -> kill(process, afterMillis));
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(process.exitValue()).as(Files.readString(directory.resolve("errors.txt"))).isEqualTo(137);
    return lines;
  }

  private static void kill(Process process, int afterMillis) {
    try {
      TimeUnit.MILLISECONDS.sleep(afterMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.toHandle().destroyForcibly(); // the process itself would close what was told and not read yet
  }

  /** A disk stops at random moments of the same program and keeps any part of what was not forced, of files and of directories. */
  @Test
  void survivesADiskThatKeepsOnlyWhatWasForced() throws IOException, InterruptedException, ExecutionException {
    Path live = Files.createDirectory(directory.resolve("live"));
    CrashWorkload.prepare(live);
    RecordedDisk disk = new RecordedDisk(live);
    new CrashWorkload(new CrashFileSystem(disk).of(live), 0, disk::mark).run(TURNS);
    SplittableRandom random = new SplittableRandom(8);
    int[] stops = random.ints(STOPS, 0, disk.size() + 1).sorted().toArray();
    CrashCheck check = new CrashCheck();
    int at = 0;
    for (int stop = 0; stop < stops.length; stop++) {
      List<String> marks = new ArrayList<>();
      disk.advance(at, stops[stop], marks);
      at = stops[stop];
      marks.forEach(check::told);
      Path after = directory.resolve("after-" + stop);
      disk.crash(after, random);
      try {
        check.copy().check(after, "stop");
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("stopped after change " + at + " of " + disk.size(), e);
      }
      delete(after);
    }
    assertThat(check.acknowledged()).isGreaterThan(STOPS);
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> files = Files.walk(tree)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
