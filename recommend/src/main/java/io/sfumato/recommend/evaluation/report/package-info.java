/** The page of an evaluation: one HTML file that loads nothing, with plots, tables, sentences computed from the figures, and pictures of what people were shown. */
@NullMarked
package io.sfumato.recommend.evaluation.report;

import org.jspecify.annotations.NullMarked;
