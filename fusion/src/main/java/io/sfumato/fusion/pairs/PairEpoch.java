package io.sfumato.fusion.pairs;

/**
 * What an epoch did.
 *
 * @param stage {@code projections} or {@code encoders}
 * @param epoch counted from 1 within the stage
 * @param loss mean of its steps, in nats
 * @param validRecall recall@10 of the validation pairs, mean of both directions; NaN without any
 * @param seconds that it took
 */
public record PairEpoch(String stage, int epoch, double loss, double validRecall, double seconds) {}
