package io.sfumato.recommend.evaluation.report;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sfumato.datasets.Catalog;
import io.sfumato.recommend.evaluation.EvaluationReport;
import io.sfumato.recommend.evaluation.PerUserFile;
import io.sfumato.recommend.evaluation.PerUserFile;
import io.sfumato.recommend.evaluation.SeededResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A report on disk: {@value #PAGE}, {@value #JSON} and {@value #PER_USER}. The folder is written beside its place and renamed at the end, so that a report is never
 * half of one and half of another; what a crash leaves beside it, the next report removes.
 */
public final class ReportDirectory {
  /** The page to look at. */
  public static final String PAGE = "index.html";
  /** All figures. */
  public static final String JSON = "report.json";
  /** Every metric of every user. */
  public static final String PER_USER = "per-user.parquet";

  private static final Set<String> FILES = Set.of(PAGE, JSON, PER_USER);
  private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ReportDirectory() {}

  /**
   * Refuses a place that holds anything but an earlier report.
   *
   * @throws UncheckedIOException of a {@link FileAlreadyExistsException} where it does
   */
  public static void requireRoom(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.isDirectory(directory) ? Files.list(directory) : Stream.of(directory)) {
      List<String> others = files.map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !FILES.contains(name))
          .sorted()
          .toList();
      if (!others.isEmpty()) {
        throw new FileAlreadyExistsException(
            "%s, which is no report (it holds %s)".formatted(directory, others.getFirst()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a report; an earlier one in its place is replaced.
   *
   * @param result what the report was made of
   * @param catalog where titles and pictures are
   */
  public static void write(Path directory, EvaluationReport report, SeededResult result, Catalog catalog) {
    replace(directory, half -> {
      Files.writeString(half.resolve(JSON), MAPPER.writeValueAsString(report.toMap()) + "\n");
      PerUserFile.write(result, half.resolve(PER_USER));
      Files.writeString(half.resolve(PAGE), ReportPage.html(report, catalog));
    });
  }

  /**
   * Writes a report that is a page and its figures; an earlier one in its place is replaced.
   *
   * @param figures as JSON: strings, numbers, booleans, lists and maps
   * @param html the page
   */
  public static void write(Path directory, Map<String, Object> figures, String html) {
    replace(directory, half -> {
      Files.writeString(half.resolve(JSON), MAPPER.writeValueAsString(figures) + "\n");
      Files.writeString(half.resolve(PAGE), html);
    });
  }

  /** What fills a new folder. */
  private interface Filling {
    void into(Path half) throws IOException;
  }

  private static void replace(Path directory, Filling filling) {
    requireRoom(directory);
    Path target = directory.toAbsolutePath().normalize();
    Path half = target.resolveSibling("." + target.getFileName() + ".writing");
    Path old = target.resolveSibling("." + target.getFileName() + ".previous");
    try {
      remove(half);
      remove(old);
      Files.createDirectories(half);
      filling.into(half);
      if (Files.exists(target)) {
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
      remove(old);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
