package io.sfumato.datasets.read;

import io.sfumato.datasets.DataException;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.DataReport.Cause;
import io.sfumato.datasets.FileImage;
import io.sfumato.datasets.ImageSource;
import io.sfumato.datasets.Images;
import io.sfumato.datasets.Item;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A folder of pictures, one an item: {@code ID.jpg} (or jpeg, png, webp, gif, bmp, tif, tiff), with the id as {@link #fileStem} writes it. The folder is listed
 * once; no id can lead out of it.
 */
final class ImageFolder {
  /** Where an item has several, the first of these wins. */
  private static final List<String> SUFFIXES = List.of("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff");

  private final Path folder;
  private final Map<String, Path> byStem = new HashMap<>();

  ImageFolder(Path folder) {
    this.folder = folder;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        if (dot > 0 && rank(file) >= 0) {
          byStem.merge(name.substring(0, dot), file, (a, b) -> rank(a) <= rank(b) ? a : b);
        }
      }
    } catch (IOException e) {
      throw new DataException("UNREADABLE_FILE",
          "the folder of pictures " + folder + " cannot be listed: " + e.getMessage(), e);
    }
  }

  private static int rank(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return SUFFIXES.indexOf(name.substring(name.lastIndexOf('.') + 1));
  }

  /**
   * An id as the name of a file without its suffix: letters, digits and {@code . _ -} as they are, every other byte of its UTF-8 as {@code %XX}; a leading
   * dot too.
   */
  static String fileStem(String id) {
    StringBuilder stem = new StringBuilder();
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = (c < 128 && Character.isLetterOrDigit(c)) || c == '_' || c == '-'
          || (c == '.' && !stem.isEmpty());
      stem.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return stem.toString();
  }

  /**
   * The picture of an item, or null, counted, where there is none.
   *
   * @param path what the items file says about it, relative to the folder; "" where it says nothing
   */
  @Nullable
  ImageSource find(String id, String path, DataReport.Builder report) {
    Path found;
    if (path.isBlank()) {
      found = byStem.getOrDefault(id, byStem.get(fileStem(id)));
    } else {
      found = folder.resolve(path).normalize();
      if (!found.startsWith(folder.normalize()) || !Files.isRegularFile(found)) {
        found = null;
      }
    }
    if (found == null) {
      report.add(Cause.MISSING_IMAGE, id);
      return null;
    }
    return new FileImage(found);
  }

  /** Decodes every picture once, on two threads; items whose picture cannot be used come back without it, counted. */
  static List<Item> check(List<Item> items, DataReport.Builder report) {
    ExecutorService workers = Executors.newFixedThreadPool(2, task -> {
      Thread thread = new Thread(task, "image-check");
      thread.setDaemon(true);
      return thread;
    });
    try {
      List<Future<@Nullable DataException>> faults = new ArrayList<>();
      for (Item item : items) {
        faults.add(workers.submit(() -> fault(item.image())));
      }
      List<Item> checked = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        DataException fault = faults.get(i).get();
        checked.add(fault == null ? items.get(i) : items.get(i).withImage(null));
        if (fault != null) {
          report.add(fault.code().equals(Images.OVERSIZED) ? Cause.OVERSIZED_IMAGE : Cause.UNDECODABLE_IMAGE,
              items.get(i).id());
        }
      }
      return checked;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("INTERRUPTED",
          "reading was interrupted while the pictures were checked; read the data again", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a picture could not be checked", e.getCause());
    } finally {
      workers.shutdownNow();
    }
  }

  private static @Nullable DataException fault(@Nullable ImageSource image) {
    if (image == null) {
      return null;
    }
    try {
      Images.decode(image);
      return null;
    } catch (DataException e) {
      return e;
    }
  }
}
