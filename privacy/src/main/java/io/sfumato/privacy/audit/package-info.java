/** What can be found out of a trained model, held against what its claim of privacy allows: attacks, planted canaries, bounds, and what an audit reports. Knows no tensors and no recommender. */
@org.jspecify.annotations.NullMarked
package io.sfumato.privacy.audit;
