/** Timings of whole recommenders on made data. */
@NullMarked
package io.sfumato.recommend.bench;

import org.jspecify.annotations.NullMarked;
