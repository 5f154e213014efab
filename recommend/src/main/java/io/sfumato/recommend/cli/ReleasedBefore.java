package io.sfumato.recommend.cli;

import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.config.SfumatoConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the bundle that a new one takes the place of has released of its people. */
final class ReleasedBefore {
  private static final Logger LOG = LoggerFactory.getLogger(ReleasedBefore.class);

  private ReleasedBefore() {}

  /**
   * The ledger of the bundle there; null where there is none, or where it is not private.
   *
   * @throws BundleException where the bundle there is private and damaged: what it released cannot be known
   */
  static @Nullable PrivacyLedger in(Path directory, SfumatoConfig config) {
    if (!Files.exists(directory.resolve("sfumato.json"))) {
      return null;
    }
    try {
      PrivacyLedger ledger = Bundle.open(directory).ledger();
      if (ledger == null && config.privacy().enabled()) {
        LOG.warn(
            "the bundle {} that is replaced was trained without differential privacy: where it has left the machine, no epsilon of the new one protects the people in both",
            directory);
      }
      return ledger;
    } catch (BundleException e) {
      if (Files.exists(directory.resolve(Bundle.LEDGER))) {
        throw e;
      }
      return null; // not private, and replaced as it is
    }
  }

  /** Removes checkpoints, which hold what was measured on people. */
  static void forget(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      List<Path> all = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path path : all) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
