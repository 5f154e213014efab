/**
 * Training steps that protect people: each unit's gradient is clipped, the clipped gradients are summed, noise is added to every
 * coordinate, and nothing else of the data leaves the step ({@link io.sfumato.privacy.training.PrivateStep}).
 */
@NullMarked
package io.sfumato.privacy.training;

import org.jspecify.annotations.NullMarked;
