/** Measures how fast the evaluation is, on made data. */
@NullMarked
package io.sfumato.recommend.evaluation.bench;

import org.jspecify.annotations.NullMarked;
