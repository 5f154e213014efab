/** Dense linear algebra on plain Java arrays: large products by the tensor engine, inner products by the JVM. */
@NullMarked
package io.sfumato.encoders.linalg;

import org.jspecify.annotations.NullMarked;
