package io.sfumato.privacy.training;

import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.audit.AuditClaim;
import io.sfumato.privacy.audit.AuditSubject;
import io.sfumato.privacy.audit.CanaryScores;
import io.sfumato.privacy.audit.MembershipScores;
import java.util.List;

/**
 * A model that was trained by private steps, as the subject of an audit: its users are the canaries, and who was trained on is to be told.
 *
 * @param attack the training and its attack
 * @param noiseScale what the noise is falsified by behind the ledger's back; 1 for an honest training
 * @param seed of users, coins, sampling and noise of the model that is released
 */
record PlantedUsers(LossGapAttack attack, double noiseScale, long seed) implements AuditSubject {

  /** What the noise would keep were it not falsified. */
  AuditClaim claim() {
    return AuditClaim.of(List.of(Phase.of(attack.sigma(), attack.rate(), attack.steps())), attack.delta(),
        PrivacyUnit.USER);
  }

  @Override
  public List<CanaryScores> canaries() {
    return List.of(attack.run(noiseScale, seed, seed + 1));
  }

  @Override
  public List<CanaryScores> canariesWithoutNoise(long other) {
    return List.of(attack.run(0, other, other + 1));
  }

  @Override
  public List<MembershipScores> memberships() {
    return List.of(membership(attack.run(noiseScale, seed, seed + 1)));
  }

  @Override
  public List<MembershipScores> shadow(long other) {
    return List.of(membership(attack.run(noiseScale, seed, other)));
  }

  private static MembershipScores membership(CanaryScores scores) {
    return new MembershipScores("user", scores.scores(), scores.in());
  }

  @Override
  public void close() {}
}
