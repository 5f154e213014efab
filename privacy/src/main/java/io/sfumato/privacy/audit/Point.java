package io.sfumato.privacy.audit;

/** A point of a curve; what its coordinates are is said where it stands. */
public record Point(double x, double y) {}
