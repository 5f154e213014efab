/** What is the same wherever encoders learn: their rates, number types and dropout, and how their inputs are varied. */
@NullMarked
package io.sfumato.fusion.tuning;

import org.jspecify.annotations.NullMarked;
