@NullMarked
package io.sfumato.privacy.training;

import org.jspecify.annotations.NullMarked;
