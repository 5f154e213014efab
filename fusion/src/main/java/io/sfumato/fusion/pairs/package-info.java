/** Encoders of text and image tuned together on pairs: a text is to find its image, and an image its text. */
@NullMarked
package io.sfumato.fusion.pairs;

import org.jspecify.annotations.NullMarked;
