package io.sfumato.privacy.audit;

import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model promises.
 *
 * @param epsilon ε that is claimed, 0 or more
 * @param budget ε that may not be passed
 * @param delta δ in (0, 1)
 * @param unit whose presence is hidden
 * @param neighbouring the relation that ε refers to
 * @param addRemoveEpsilon ε at the same δ for one unit more or less; null where it cannot be stated
 * @param replaceEpsilon ε at the same δ for one unit exchanged; null where it cannot be stated
 * @param maxPerUser the most items of a person that counted
 * @param people how many people there were, to hold δ against: internal, not private; null where it is not known
 * @param curve all the (ε, δ) that hold at once, ε ascending
 * @param released what left, or may leave, the machine under this promise
 * @param covered who and what is protected, a sentence each
 * @param notCovered who and what is not, a sentence each
 */
public record ClaimFacts(double epsilon, double budget, double delta, PrivacyUnit unit, Neighbouring neighbouring,
    @Nullable Double addRemoveEpsilon, @Nullable Double replaceEpsilon, int maxPerUser, @Nullable Long people,
    List<Point> curve, List<String> released, List<String> covered, List<String> notCovered) {
  public ClaimFacts {
    curve = List.copyOf(curve);
    released = List.copyOf(released);
    covered = List.copyOf(covered);
    notCovered = List.copyOf(notCovered);
  }
}
