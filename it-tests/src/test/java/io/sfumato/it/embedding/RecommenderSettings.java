package io.sfumato.it.embedding;

import java.nio.file.Path;

/**
 * Where the bundle is.
 *
 * @param bundle its directory
 */
public record RecommenderSettings(Path bundle) {}
