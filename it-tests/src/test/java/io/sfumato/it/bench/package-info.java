/** Benchmarks against other libraries, which the product does not carry. Main classes, never tests. */
@NullMarked
package io.sfumato.it.bench;

import org.jspecify.annotations.NullMarked;
