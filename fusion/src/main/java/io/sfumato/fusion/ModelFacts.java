package io.sfumato.fusion;

import io.sfumato.fusion.training.EpochRecord;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.privacy.training.StepStatistics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a model comes from and what training found.
 *
 * @param temperature temperature of the softmax over items
 * @param imageWeight mean weight a of the image; NaN without images
 * @param hidden width of the projections' hidden layer, 0 for none
 * @param config options of the training, by name
 * @param log what each epoch did; after a private training it is private itself and not saved
 * @param ledger what was released of the interactions, this training included; null where it was not private
 * @param steps what the private steps did to people: internal, not private, and not saved; null where it was not private
 * @param released what the private steps released in the end, of which the ledger's last entry has the hash; kept with the ledger, not with the model; null where it was not private
 */
public record ModelFacts(double temperature, double imageWeight, int hidden, Map<String, String> config,
    List<EpochRecord> log, @Nullable PrivacyLedger ledger, @Nullable StepStatistics steps,
    @Nullable ReleasedTensors released) {
  public ModelFacts {
    config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
    log = List.copyOf(log);
  }
}
