/** What an open recommender does, as meters of Micrometer. */
@NullMarked
package io.sfumato.recommend.metrics;

import org.jspecify.annotations.NullMarked;
