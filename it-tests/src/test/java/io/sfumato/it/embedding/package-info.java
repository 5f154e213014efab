/** How a program embeds a recommender: the examples of {@code recommend/USING.md}, compiled and run. */
@NullMarked
package io.sfumato.it.embedding;

import org.jspecify.annotations.NullMarked;
