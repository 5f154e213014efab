/**
 * Training steps that protect people, for any layers: each unit's gradient is clipped, the clipped gradients are
 * summed, noise is added to every coordinate, and nothing else of the data leaves the step.
 *
 * <p>A unit is whoever is to be hidden: a record, or a person with all records (then {@code tape.units} says which row
 * is whose). The whole of it, on a model of one linear layer:
 *
 * <pre>{@code
 * double q = 0.05; // of the records are in a batch, each by a coin of its own
 * long steps = 200;
 * PrivacyBudget budget = PrivacyBudget.of(3, 1e-5);
 * PrivacyLedger ledger = PrivacyLedger.empty(PrivacyUnit.RECORD);
 * PoissonSampler sampler = PoissonSampler.secure(features.length, q);
 * try (AdamW optimizer = new AdamW(model.parameters(), AdamWConfig.DEFAULT);
 *     PrivateStep step = PrivateStep.builder(model.parameters())
 *         .sensitivity(Sensitivity.record(1)) // no record's loss reads another record
 *         .clipping(Clipping.flat(1))
 *         .sigma(Calibration.create().sigma(q, steps, budget.epsilon(), budget.delta()))
 *         .expectedUnits(q * features.length)
 *         .budget(budget, ledger, q)
 *         .build()) {
 *   for (int t = 0; t < steps; t++) {
 *     try (Scope scope = TensorRuntime.get().scope()) {
 *       int[] drawn = sampler.next();
 *       if (drawn.length > 0) {
 *         Tape tape = step.tape(scope, drawn.length);
 *         NDArray scores = model.forward(scope, rows(scope, features, drawn), tape);
 *         NDArray losses = scores.mul(rows(scope, labels, drawn)).neg().exp().add(1).log();
 *         step.accumulate(scope, tape, losses.sum()); // a sum, not a mean
 *       }
 *       optimizer.step(0.05, step.release(scope)); // also after an empty batch
 *     }
 *   }
 *   return ledger.append(step.toRelease(q, "model weights", ""));
 * }
 * }</pre>
 *
 * <p>What each part answers for:
 * <ul>
 * <li>{@link io.sfumato.privacy.training.PoissonSampler} draws by independent coins, which is what the accountant
 * assumes; chunks of a shuffled list are not that.
 * <li>{@link io.sfumato.privacy.training.Sensitivity} is the objective's own statement of what one unit can change. A
 * loss whose rows read each other (in-batch negatives, batch statistics) has none and is refused.
 * <li>The tape refuses, by name, a trainable parameter whose layer has no rule for per-example gradients. A layer of
 * your own implements {@link io.sfumato.encoders.nn.TapedLayer}; a module that cannot be looked into is frozen, or
 * trained with {@link io.sfumato.privacy.training.PrivateStep#accumulateAlone} one unit at a time.
 * <li>Large batches: call {@code accumulate} as often as memory asks for before {@code release}; the noise is drawn
 * once.
 * <li>The expected number of units is a constant: q times the number of units, where that number may be known. Where it
 * may not, a public estimate.
 * <li>The ledger goes with the model: every later training gets it as what was released before, and ε is that of
 * everything. Give {@code toRelease} the SHA-256 of the weights as they were saved.
 * <li>A metric on private data, a learning rate chosen by one, early stopping: each is a release of its own that no
 * step accounts for.
 * </ul>
 */
@NullMarked
package io.sfumato.privacy.training;

import org.jspecify.annotations.NullMarked;
