/** Low-rank adapters as files of their own, in the layout of PEFT. */
@NullMarked
package io.sfumato.encoders.adapter;

import org.jspecify.annotations.NullMarked;
