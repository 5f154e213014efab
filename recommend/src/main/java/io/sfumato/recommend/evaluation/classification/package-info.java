/** Measures how well anything that gives labels gives the right ones: figures by class, averages, confusion, calibration. Plain Java, without the tensor engine. */
@NullMarked
package io.sfumato.recommend.evaluation.classification;

import org.jspecify.annotations.NullMarked;
