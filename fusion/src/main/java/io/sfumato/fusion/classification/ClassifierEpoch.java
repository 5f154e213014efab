package io.sfumato.fusion.classification;

/**
 * What one epoch of training did.
 *
 * @param epoch counted from 1
 * @param loss mean of the objective over the epoch's items, in nats
 * @param validationLoss mean cross-entropy on validation, in nats; NaN where there is none
 * @param validationAccuracy share of the validation items that were given their label, in [0, 1]; NaN where there are none
 * @param seconds wall time of the epoch, validation included
 */
public record ClassifierEpoch(int epoch, double loss, double validationLoss, double validationAccuracy,
    double seconds) {}
