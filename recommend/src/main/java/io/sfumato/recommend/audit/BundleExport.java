package io.sfumato.recommend.audit;

import io.sfumato.privacy.PrivacyException;
import io.sfumato.recommend.bundle.BundleEditor;
import java.nio.file.Path;
import java.security.KeyPair;
import org.jspecify.annotations.Nullable;

/**
 * Copies of bundles that may leave the machine: without {@code people/}, without what people did since, and without where the data were read from. What is left is what the claim covers. Such a bundle opens,
 * verifies, and serves those who are new to it, or who bring their history with the request.
 */
public final class BundleExport {
  private BundleExport() {}

  /**
   * Writes a copy; the bundle itself stays as it is.
   *
   * @param target does not exist yet, or is empty
   * @param evenNotPrivate whether a bundle that claims nothing may go too
   * @param keys to sign the copy with; null for none
   * @return whether the bundle was signed and the copy is not, since its {@code sfumato.json} is another
   * @throws PrivacyException {@code NOT_PRIVATE} where the bundle claims nothing, {@code CLAIM_BROKEN} where its claim does not hold
   * @throws io.sfumato.recommend.bundle.BundleException as {@link io.sfumato.recommend.bundle.Bundle#open}, and {@code NOT_A_BUNDLE} where the target holds something already
   */
  public static boolean release(Path directory, Path target, boolean evenNotPrivate, @Nullable KeyPair keys) {
    BundleSigning.requireNothingRed(directory, "CLAIM_BROKEN", "is not released");
    try (BundleEditor editor = BundleEditor.copy(directory, target)) {
      if (editor.bundle().privacy() == null && !evenNotPrivate) {
        throw new PrivacyException("NOT_PRIVATE",
            "the bundle %s was trained without differential privacy: what it learned may tell of single people, whatever is left out; train with --epsilon, or give --force-non-private where its people agreed"
                .formatted(directory));
      }
      editor.withoutPeople();
      return editor.commit(keys);
    }
  }
}
