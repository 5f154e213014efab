package io.sfumato.fusion.objective;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Tape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one training step knows; each objective takes what it needs. B users, n items, d dimensions, N modalities.
 *
 * @param users [B, d], unit rows
 * @param items [n, d], unit rows: the fused vectors of the step's items
 * @param targets [B, n], 1 where the user took the item and it is to be predicted, else 0; each row has a 1
 * @param hidden [B, n], 1 where the item is in the user's history of this step and so is no candidate, else 0
 * @param vectors N arrays [n, d], unit rows: the vectors of the modalities before fusion
 * @param presence N rows of length n: whether the item has the modality
 * @param tape records what private training needs, one example a user; null in ordinary training
 */
@SuppressWarnings("ArrayRecordComponent") // handed from trainer to objective within a step, never compared
public record StepBatch(NDArray users, NDArray items, NDArray targets, NDArray hidden, List<NDArray> vectors,
    boolean[][] presence, @Nullable Tape tape) {}
