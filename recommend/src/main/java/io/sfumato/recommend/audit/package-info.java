/** Audits of recommenders: the subject that attacks need, checks of bundles, and what may leave the house. */
@org.jspecify.annotations.NullMarked
package io.sfumato.recommend.audit;
