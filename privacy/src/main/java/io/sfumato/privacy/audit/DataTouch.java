package io.sfumato.privacy.audit;

/**
 * One use that training made, or did not make, of people's data.
 *
 * @param what that was made of it
 * @param kind {@code charged}, {@code post-processing}, {@code off}, or {@code uncharged} for one that no ε covers
 * @param how in a few words
 */
public record DataTouch(String what, String kind, String how) {}
