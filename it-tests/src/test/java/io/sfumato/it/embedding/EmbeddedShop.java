package io.sfumato.it.embedding;

import io.sfumato.encoders.Progress;
import io.sfumato.recommend.bench.MadeShop;
import io.sfumato.recommend.bench.MadeVectors;
import java.nio.file.Path;

/** A small bundle to embed, made without training. */
public final class EmbeddedShop {
  private EmbeddedShop() {}

  /** Writes it, and returns where. */
  public static Path write(Path bundle) {
    MadeShop.write(MadeVectors.of(2_000, 2_000, 7), bundle, Progress.silent());
    return bundle;
  }
}
