package io.sfumato.recommend.training;

import io.sfumato.encoders.Progress;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.fusion.training.EpochRecord;
import io.sfumato.recommend.config.SfumatoConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the fusion, and, where settings are searched for a given time, trains it again with others for as long as its share of that time lasts: the one with the best NDCG on validation is kept, the others are
 * closed. Without such a time there is one training, with the settings as they stand.
 */
final class FusionChoice {
  private static final Logger LOG = LoggerFactory.getLogger(FusionChoice.class);

  /** Share of the time that may be over when a training begins; twice that when it ends, if it takes as long again. */
  private static final double UNTIL = 0.3;

  private final SfumatoConfig config;
  private final TuningBudget budget;
  private final List<Trial> trials = new ArrayList<>();

  FusionChoice(SfumatoConfig config, TuningBudget budget) {
    this.config = config;
    this.budget = budget;
  }

  /** What was tried, in order; empty where nothing was searched. */
  List<Trial> trials() {
    return trials;
  }

  /**
   * Trains.
   *
   * @param training from a configuration to a model that it makes
   * @return to be closed by the caller
   */
  MultimodalModel choose(Function<SfumatoConfig, MultimodalModel> training) {
    if (!budget.timed()) {
      return training.apply(config);
    }
    List<Ladder> ladders = List.of(
        Ladder.of("training.learning-rate", config.training().learningRate(), 0.0005, 0.001, 0.002, 0.004, 0.008),
        Ladder.of("training.temperature", config.training().temperature(), 0.05, 0.1, 0.2),
        Ladder.of("training.input-dropout", config.training().inputDropout(), 0, 0.1, 0.3));
    Holder best = new Holder();
    LadderSearch<MultimodalModel> search = new LadderSearch<>("fusion", ladders, at -> {
      MultimodalModel model = training.apply(config.change()
          .set("training.learning-rate", Double.toString(at[0]))
          .set("training.temperature", Double.toString(at[1]))
          .set("training.input-dropout", Double.toString(at[2]))
          .read());
      return new LadderSearch.Scored<>(best.keep(model), ndcg(model));
    }, trials);
    try {
      LadderSearch.Found<MultimodalModel> found = search.run(done -> budget.more(done, Integer.MAX_VALUE, UNTIL),
          Progress.silent());
      LOG.info("fusion: {} trainings, the best with {}", trials.size(), LadderSearch.describe(ladders, found
          .settings()));
      return best.release(found.made());
    } catch (RuntimeException e) {
      best.close();
      throw e;
    }
  }

  private static double ndcg(MultimodalModel model) {
    return model.trainingLog().stream().mapToDouble(EpochRecord::ndcg).filter(Double::isFinite).max().orElse(0);
  }

  /** Owns all models of a search until one is chosen. */
  private static final class Holder {
    private final List<MultimodalModel> models = new ArrayList<>();

    MultimodalModel keep(MultimodalModel model) {
      models.add(model);
      return model;
    }

    MultimodalModel release(MultimodalModel chosen) {
      models.remove(chosen);
      close();
      return chosen;
    }

    void close() {
      models.forEach(MultimodalModel::close);
      models.clear();
    }
  }
}
