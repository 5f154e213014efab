package io.sfumato.recommend.cli;

import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.training.AuditPlan;
import io.sfumato.recommend.training.Compared;
import io.sfumato.recommend.training.ComparisonOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Training and comparison as the commands need them; a test can put something quicker in its place. */
interface Workbench {
  /**
   * Refuses, before any data is read, a training whose bundle could not be written: one that would void the claim of the private bundle that is there, or for which nothing of the budget is left.
   *
   * @throws io.sfumato.privacy.PrivacyException with the remedy
   */
  void requireRoom(Path bundle, SfumatoConfig config);

  /** Trains on a split and writes the bundle, or nothing where it fails. */
  void train(TrainJob job, Progress progress);

  /** Measures a bundle on the test part of its split, beside baselines and other systems. */
  Compared compare(CompareJob job, Progress progress);

  /** Measures baselines and other systems on a data set. */
  Compared compareBaselines(BaselineJob job, Progress progress);

  /**
   * What to train.
   *
   * @param split with its data set
   * @param location where the data was read from, for the provenance
   * @param config all settings
   * @param bundle where it will stand
   * @param resume directory of checkpoints to go on from, or null
   * @param discardUpdates whether a bundle in its place may go with what people did since
   * @param audit what is kept out and planted for an audit, and where that is told; null for nothing
   */
  record TrainJob(Split split, String location, SfumatoConfig config, Path bundle, @Nullable Path resume,
      boolean discardUpdates, @Nullable AuditJob audit) {}

  /**
   * What a training leaves behind for its audit.
   *
   * @param plan how much
   * @param secret the file that tells it
   */
  record AuditJob(AuditPlan plan, Path secret) {}

  /**
   * What to measure.
   *
   * @param bundle a trained bundle
   * @param split to measure on, or null for the bundle's own
   * @param data folder to read again and split as for the bundle, or null for where the bundle was trained from
   * @param options beside what, and how
   * @param facts whether the report tells of the model itself, which takes some more rankings
   */
  record CompareJob(Path bundle, @Nullable Split split, @Nullable Path data, ComparisonOptions options,
      boolean facts) {}

  /**
   * What to measure without a recommender.
   *
   * @param split of a data set
   * @param config what baselines are chosen from, and encoders of content
   * @param options which, and how
   */
  record BaselineJob(Split split, SfumatoConfig config, ComparisonOptions options) {}
}
