package io.sfumato.privacy;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import io.sfumato.privacy.accounting.Accountant;
import io.sfumato.privacy.accounting.Calibration;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.RdpAccountant;
import io.sfumato.privacy.training.NoiseGenerator;

/**
 * Wires the privacy module for those who inject: the accountant is the one whose ε is claimed, noise is secure, with a key
 * of its own wherever it is injected. Starts no engine.
 */
public final class PrivacyModule extends AbstractModule {
  @Override
  protected void configure() {
    bind(Accountant.class).to(PldAccountant.class);
  }

  @Provides
  PldAccountant pldAccountant() {
    return PldAccountant.create();
  }

  @Provides
  RdpAccountant rdpAccountant() {
    return RdpAccountant.create();
  }

  @Provides
  NoiseGenerator noise() {
    return NoiseGenerator.secure();
  }

  @Provides
  Calibration calibration(Accountant accountant) {
    return new Calibration(accountant);
  }
}
