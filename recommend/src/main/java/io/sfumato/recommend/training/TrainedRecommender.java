package io.sfumato.recommend.training;

import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleWriter;
import io.sfumato.recommend.bundle.Provenance;
import io.sfumato.recommend.config.SfumatoConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RecommenderTrainer} made: the model that encodes items, which owns native memory, and all that serving needs, which does not.
 * Whoever trained it closes it.
 *
 * @param multimodal encoders, projections and fusion
 * @param model everything that serving needs in plain Java
 * @param results what training measured, by name: numbers, strings, lists and maps of them
 * @param privacy what a private training released; null where it was not private
 * @param transcript what it released at the canaries; null where there were none, or where it was not private
 */
public record TrainedRecommender(MultimodalModel multimodal, RecommenderModel model, Map<String, Object> results,
    @Nullable PrivateOutcome privacy, @Nullable CanaryTranscript transcript)
    implements
      AutoCloseable {
  public TrainedRecommender {
    results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
  }

  /**
   * Writes it as a bundle: all of it, or nothing.
   *
   * @param bundle where it will stand; a bundle that is there is replaced
   * @param split what it was trained on; its histories go into {@code people/}
   * @param location where the data was read from, for the provenance; "" where it has none
   * @param config what it was trained with
   * @throws io.sfumato.privacy.PrivacyException {@code NOT_PRIVATE} where its noise was off
   * @param discardUpdates whether a bundle in its place may go with the feedback and the items that it got since it was written
   */
  public void write(Path bundle, Split split, String location, SfumatoConfig config, boolean discardUpdates) {
    write(bundle, split, DataHash.of(split), location, config, discardUpdates);
  }

  /** Writes what was trained on {@link PlantedData#training}: canaries, and those who were kept out, are not in {@code people/}; the data's hash is that of all of it. */
  public void write(Path bundle, PlantedData data, String location, SfumatoConfig config, boolean discardUpdates) {
    write(bundle, data.served(), DataHash.of(data.real()), location, config, discardUpdates);
  }

  private void write(Path bundle, Split split, String hash, String location, SfumatoConfig config,
      boolean discardUpdates) {
    if (privacy != null && (privacy.falsified() || !Double.isFinite(privacy.claim().epsilon()))) {
      throw new PrivacyException("NOT_PRIVATE",
          "a training without noise is for comparison and is not written; train with its noise");
    }
    try (BundleWriter writer = BundleWriter.create(bundle)) {
      if (discardUpdates) {
        writer.discardUpdates();
      }
      multimodal.save(writer.directory(Bundle.MULTIMODAL));
      model.save(writer, config.retrieval().index(), config.threadCount(), Progress.silent());
      writer.histories(split);
      if (privacy != null) {
        Map<String, Object> facts = new LinkedHashMap<>(privacy.internal());
        facts.put("data_sha256", hash);
        privacy.released().forEach(writer::released);
        writer.privacy(privacy.ledger(), privacy.claim(), facts);
      }
      // A hash of private data tells it to whoever can guess it.
      writer.commit(
          new Provenance(split.dataset().name(), privacy == null ? hash : "", location, split.kind(), config.seed(),
              config.toMap(), results));
    }
  }

  @Override
  public void close() {
    multimodal.close();
  }
}
