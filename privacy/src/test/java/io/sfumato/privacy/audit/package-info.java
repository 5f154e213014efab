/** Tests of audits: oracles, properties, simulations of honest and dishonest mechanisms. */
@org.jspecify.annotations.NullMarked
package io.sfumato.privacy.audit;
