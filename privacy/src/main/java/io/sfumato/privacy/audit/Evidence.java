package io.sfumato.privacy.audit;

import java.util.List;

/**
 * What attacks found out.
 *
 * @param canaries attacks on planted canaries; empty where none were planted
 * @param memberships attacks that tell who was trained on; empty where nobody was kept out
 * @param allowed true positive rate that the claim allows any attack that tells a whole unit from none, at each false positive rate, both in [0, 1]; empty where nothing is claimed
 * @param allowedAuc area below {@code allowed}; 1 where nothing is claimed
 * @param missing why evidence is missing and how to get it, a sentence each
 */
public record Evidence(List<CanaryEvidence> canaries, List<MembershipEvidence> memberships, List<Point> allowed,
    double allowedAuc, List<String> missing) {
  public Evidence {
    canaries = List.copyOf(canaries);
    memberships = List.copyOf(memberships);
    allowed = List.copyOf(allowed);
    missing = List.copyOf(missing);
  }
}
