package io.sfumato.recommend.audit;

import io.sfumato.privacy.audit.AuditSubject;
import io.sfumato.privacy.audit.CanaryScores;
import io.sfumato.privacy.audit.MembershipScores;
import io.sfumato.recommend.training.AuditSecret;
import io.sfumato.recommend.training.CanaryTranscript;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bundle of which the data are not at hand: what its secret says of the canaries in its training, where there is a secret, and nothing else. Holds nothing. */
final class SecretSubject implements AuditSubject {
  private final @Nullable AuditSecret secret;

  SecretSubject(@Nullable AuditSecret secret) {
    this.secret = secret;
  }

  @Override
  public List<CanaryScores> canaries() {
    CanaryTranscript transcript = secret == null ? null : secret.transcript();
    return secret == null || transcript == null || secret.canaries().isEmpty() ? List.of()
        : List.of(RecommenderSubject.gradientSpace(transcript, secret.canaries()));
  }

  @Override
  public List<CanaryScores> canariesWithoutNoise(long seed) {
    throw new IllegalStateException("no twin can be trained without the data");
  }

  @Override
  public List<MembershipScores> memberships() {
    return List.of();
  }

  @Override
  public List<MembershipScores> shadow(long seed) {
    throw new IllegalStateException("no shadow can be trained without the data");
  }

  @Override
  public void close() {}
}
