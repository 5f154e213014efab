package io.sfumato.recommend.bundle;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A copy of a bundle as it is at one moment, its updates included, also while it is served and updated. Files that never change are linked where the file system can, so that a copy costs no space, and copied where
 * it cannot; every byte of it is verified before it gets its name.
 */
public final class BundleSnapshot {
  private BundleSnapshot() {}

  /**
   * Copies a bundle that nobody here has open.
   *
   * @param target does not exist yet, or is empty
   * @throws BundleException as {@link Bundle#open}, and {@code NOT_A_BUNDLE} where the target holds something already
   */
  public static void of(Path directory, Path target) {
    Bundle bundle = Bundle.open(directory);
    try (UpdateLog feedback = UpdateLog.open(bundle.log(Bundle.FEEDBACK_LOG), record -> {});
        UpdateLog catalog = UpdateLog.open(bundle.log(Bundle.CATALOG_LOG), record -> {})) {
      of(bundle, feedback, catalog, target);
    }
  }

  /**
   * Copies a bundle with what its logs hold now.
   *
   * @param target does not exist yet, or is empty
   * @throws BundleException {@code CORRUPT} where the bundle is no longer what it was when it was opened, {@code NOT_A_BUNDLE} where the target holds something already
   */
  public static void of(Bundle bundle, UpdateLog feedback, UpdateLog catalog, Path target) {
    Path to = target.toAbsolutePath().normalize();
    try (DirectorySwap swap = DirectorySwap.begin(to)) {
      if (DirectorySwap.holdsSomething(to)) {
        throw new BundleException("NOT_A_BUNDLE",
            "%s exists and is not empty; it will not be replaced, give another directory".formatted(to));
      }
      // In this order: who gave feedback on an item that was put finds it in the copy.
      long feedbackEnd = feedback.end();
      long catalogEnd = catalog.end();
      for (Map.Entry<String, Path> file : BundleFiles.list(bundle.directory()).entrySet()) {
        String name = file.getKey();
        if (!Bundle.isLive(name)) {
          linkOrCopy(file.getValue(), BundleFiles.resolve(swap.staging(), name));
        }
      }
      copy(feedback, swap.staging().resolve(Bundle.FEEDBACK_LOG), feedbackEnd);
      copy(catalog, swap.staging().resolve(Bundle.CATALOG_LOG), catalogEnd);
      Bundle copied = Bundle.open(swap.staging());
      if (!copied.manifest().equals(bundle.manifest())) {
        throw new BundleException("CORRUPT",
            "the bundle %s was replaced since it was opened; open it again and try again"
                .formatted(bundle.directory()));
      }
      BundleFiles.forceTree(swap.staging());
      swap.commit();
    } catch (IOException e) {
      throw new BundleException("IO", "cannot copy the bundle %s to %s: %s".formatted(bundle.directory(), to, e), e);
    }
  }

  private static void copy(UpdateLog log, Path to, long end) throws IOException {
    if (end > 0) {
      Files.createDirectories(to.getParent());
      log.copyTo(to, end);
    }
  }

  private static void linkOrCopy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try {
      Files.createLink(to, from);
    } catch (UnsupportedOperationException | FileSystemException e) { // no links here, or another file system
      Files.copy(from, to);
    }
  }
}
