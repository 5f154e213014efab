/** Vectors that people bring themselves, in place of an encoder. */
@NullMarked
package io.sfumato.encoders.supplied;

import org.jspecify.annotations.NullMarked;
