/** What privacy costs: time and memory of private training steps against plain ones. */
@NullMarked
package io.sfumato.privacy.bench;

import org.jspecify.annotations.NullMarked;
