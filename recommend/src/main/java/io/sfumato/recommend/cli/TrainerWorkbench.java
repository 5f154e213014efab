package io.sfumato.recommend.cli;

import io.sfumato.datasets.Split;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.Provenance;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.evaluation.Protocol;
import io.sfumato.recommend.training.Compared;
import io.sfumato.recommend.training.AuditSecret;
import io.sfumato.recommend.training.Comparison;
import io.sfumato.recommend.training.PlantedData;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.recommend.training.ItemContent;
import io.sfumato.recommend.training.RecommenderTrainer;
import io.sfumato.recommend.training.TrainedRecommender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trains and compares with the trainer of this library. */
final class TrainerWorkbench implements Workbench {
  @Override
  public void requireRoom(Path bundle, SfumatoConfig config) {
    trainer(bundle, config);
  }

  private static RecommenderTrainer trainer(Path bundle, SfumatoConfig config) {
    return new RecommenderTrainer(config).after(ReleasedBefore.in(bundle, config));
  }

  @Override
  public void train(TrainJob job, Progress progress) {
    RecommenderTrainer trainer = trainer(job.bundle(), job.config());
    AuditJob audit = job.audit();
    PlantedData data = audit == null ? null
        : PlantedData.plant(job.split(), audit.plan(), job.config().privacy().privacyUnit());
    Split split = data == null ? job.split() : data.training();
    try (TrainedRecommender trained = trainer.planted(data).train(split, List.of(), job.resume(), progress)) {
      if (audit == null || data == null) {
        trained.write(job.bundle(), job.split(), job.location(), job.config(), job.discardUpdates());
      } else {
        trained.write(job.bundle(), data, job.location(), job.config(), job.discardUpdates());
        Bundle bundle = Bundle.open(job.bundle());
        PrivacyLedger ledger = bundle.ledger();
        AuditSecret.of(data, ledger == null ? bundle.created() : ledger.head(), trained.transcript())
            .write(audit.secret(), split.dataset().catalog());
      }
      if (trained.privacy() != null && job.resume() != null) {
        ReleasedBefore.forget(job.resume());
      }
    }
  }

  @Override
  public Compared compare(CompareJob job, Progress progress) {
    Bundle bundle = Bundle.open(job.bundle());
    Provenance provenance = bundle.provenance();
    SfumatoConfig config = ConfigReader.reference()
        .map(provenance.configuration(), job.bundle() + "/sfumato.json")
        .read();
    Split given = job.split();
    Split split = given == null ? split(bundle, job.data(), config) : given;
    Comparison comparison = Comparison.ofModel(RecommenderModel.load(bundle), provenance.results(), split, config,
        ItemContent.ofModel(bundle.path(Bundle.MULTIMODAL), config, split, progress));
    Compared compared = comparison.run(job.options(), progress);
    return job.facts() ? compared.with(comparison.facts(job.options())) : compared;
  }

  @Override
  public Compared compareBaselines(BaselineJob job, Progress progress) {
    boolean onTrainAlone = job.options().protocol() == Protocol.MMREC;
    SfumatoConfig config = onTrainAlone
        ? job.config().change().override("tuning.refit", false, "--protocol mmrec").read()
        : job.config();
    return Comparison.ofBaselines(job.split(), config, ItemContent.ofEncoders(config, job.split(), progress))
        .run(job.options(), progress);
  }

  /** The split on the data where it is or was, or, where that is gone, on what the bundle keeps of it: its pictures are scaled down. */
  private static Split split(Bundle bundle, @Nullable Path given, SfumatoConfig config) {
    String trainedFrom = bundle.provenance().dataLocation();
    Path folder = given == null ? Path.of(trainedFrom) : given;
    if (given == null && (trainedFrom.isEmpty() || !Files.isDirectory(folder))) {
      if (bundle.exported()) {
        throw new BundleException("MISSING_FILE",
            "the bundle %s was exported without its people: there is nobody to measure on; give --data"
                .formatted(bundle.directory()));
      }
      return bundle.split(bundle.catalog());
    }
    return Splitter.parse(config.split(), config.seed()).split(DataOptions.read(folder, config.data()));
  }
}
