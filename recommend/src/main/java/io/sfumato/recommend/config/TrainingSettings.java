package io.sfumato.recommend.config;

import io.sfumato.encoders.Precision;

/**
 * How encoders, fusion and user tower are trained; each component is the one of the same name in {@link io.sfumato.fusion.training.TrainingConfig}.
 *
 * @param epochs most epochs
 * @param patience validations without a better one before it stops
 * @param validateEvery epochs between validations
 * @param usersPerStep users of a step
 * @param itemsPerStep items that a step encodes
 * @param fullSoftmaxItems catalogues up to this size are ranked whole where encoders are frozen
 * @param accumulation steps whose gradients are added up
 * @param learningRate peak rate of projections and user tower
 * @param encoderRate peak rate of pretrained encoders
 * @param freshEncoderRate peak rate of encoders from scratch
 * @param adapterRate peak rate of the adapters of encoders that learn by LoRA
 * @param layerDecay factor on the rate of each layer below the last of a pretrained encoder, in [0.01, 1]
 * @param encoderDropout probability that an output of a transformer block of an encoder that learns is dropped, in [0, 0.95]
 * @param precision number type of the linear layers of encoders that learn, in training
 * @param fusionRateFactor rate of the fusion weight, as a multiple of {@code learningRate}
 * @param warmup share of steps over which the rate rises, in [0, 1]
 * @param weightDecay decoupled weight decay
 * @param temperature temperature of the softmax over items at the start
 * @param learnTemperature whether it is learned
 * @param historyLength newest items that make a user vector
 * @param targetShare share of a user's items to be predicted from the rest, in [0.01, 0.99]
 * @param inputDropout probability that a coordinate of an encoder's output is hidden, in [0, 0.95]
 * @param modalityDropout probability that a modality of an item is hidden, in [0, 0.95]
 * @param contrastiveWeight weight of the image–text objective, 0 for none
 * @param contrastiveTemperature its temperature
 * @param validationUsers most users to validate on
 * @param validationK cut of the validation NDCG
 */
public record TrainingSettings(int epochs, int patience, int validateEvery, int usersPerStep, int itemsPerStep,
    int fullSoftmaxItems, int accumulation, double learningRate, double encoderRate, double freshEncoderRate,
    double adapterRate,
    double layerDecay, double encoderDropout, Precision precision, double fusionRateFactor, double warmup,
    double weightDecay, double temperature, boolean learnTemperature,
    int historyLength, double targetShare, double inputDropout, double modalityDropout, double contrastiveWeight,
    double contrastiveTemperature, int validationUsers, int validationK) {

  private static final int MANY = 1_000_000;

  public TrainingSettings {
    Check.within("training.epochs", epochs, 1, 10_000);
    Check.within("training.patience", patience, 1, 10_000);
    Check.within("training.validate-every", validateEvery, 1, 10_000);
    Check.within("training.users-per-step", usersPerStep, 1, MANY);
    Check.within("training.items-per-step", itemsPerStep, 2, MANY);
    Check.within("training.full-softmax-items", fullSoftmaxItems, 0, 10 * MANY);
    Check.within("training.accumulation", accumulation, 1, 10_000);
    Check.within("training.learning-rate", learningRate, 0.0, 10.0);
    Check.within("training.encoder-rate", encoderRate, 0.0, 10.0);
    Check.within("training.fresh-encoder-rate", freshEncoderRate, 0.0, 10.0);
    Check.within("training.adapter-rate", adapterRate, 0.0, 10.0);
    Check.within("training.layer-decay", layerDecay, 0.01, 1.0);
    Check.within("training.encoder-dropout", encoderDropout, 0.0, 0.95);
    if (precision == Precision.INT8) {
      throw new ConfigException("BAD_VALUE", "training.precision",
          "training.precision must be float32 or bfloat16 but was int8, which is for inference");
    }
    Check.within("training.fusion-rate-factor", fusionRateFactor, 0.0, 1e6);
    Check.within("training.warmup", warmup, 0.0, 1.0);
    Check.within("training.weight-decay", weightDecay, 0.0, 100.0);
    Check.within("training.temperature", temperature, 1e-3, 100.0);
    Check.within("training.history-length", historyLength, 1, MANY);
    Check.within("training.target-share", targetShare, 0.01, 0.99);
    Check.within("training.input-dropout", inputDropout, 0.0, 0.95);
    Check.within("training.modality-dropout", modalityDropout, 0.0, 0.95);
    Check.within("training.contrastive-weight", contrastiveWeight, 0.0, 1000.0);
    Check.within("training.contrastive-temperature", contrastiveTemperature, 1e-3, 100.0);
    Check.within("training.validation-users", validationUsers, 0, 100 * MANY);
    Check.within("training.validation-k", validationK, 1, 10_000);
  }
}
