/** What an audit found, as a page for people and as JSON for machines. Knows no tensors and no recommender. */
@org.jspecify.annotations.NullMarked
package io.sfumato.privacy.report;
