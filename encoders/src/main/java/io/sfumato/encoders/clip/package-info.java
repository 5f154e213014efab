/** CLIP as a whole: texts and pictures in one space. */
@NullMarked
package io.sfumato.encoders.clip;

import org.jspecify.annotations.NullMarked;
