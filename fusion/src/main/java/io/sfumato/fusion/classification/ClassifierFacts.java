package io.sfumato.fusion.classification;

import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a classifier comes from, and what its training found.
 *
 * @param kind {@code trained}, {@code prototypes}, {@code linear-probe} or {@code zero-shot}
 * @param column attribute that the labels came from; "" where there were none
 * @param parts how the items were shared out, as {@link ItemParts#parse} reads it; "" where they were not
 * @param seed of the shares and of everything random but protective noise
 * @param source how the items are read again, by name: {@code location} and whatever the reader was told; empty where nobody said
 * @param dataSha256 {@link LabelledItems#sha256()} of what it was trained on; "" where that is nobody's business
 * @param options of the training, by name
 * @param results what the training measured, by name: numbers, texts, lists and maps. Of a private training they are private themselves
 * @param privacy what was released of the training items, this training included; null where it was not private
 */
public record ClassifierFacts(String kind, String column, String parts, long seed,
    Map<String, String> source, String dataSha256, Map<String, String> options, Map<String, Object> results,
    @Nullable Privacy privacy) {
  public ClassifierFacts {
    source = Collections.unmodifiableMap(new LinkedHashMap<>(source));
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
  }

  /** The same with where its items were read from. */
  ClassifierFacts withSource(Map<String, String> value) {
    return new ClassifierFacts(kind, column, parts, seed, value, dataSha256, options, results, privacy);
  }

  /**
   * What is promised to whoever is behind a training item: that the classifier's folder, less {@value Classifier#INTERNAL}, is (ε, δ)-differentially private for one item more or less, with its text,
   * picture and label. Ids, the list of labels and pretrained encoders are public.
   *
   * @param budget that may not be passed
   * @param ledger everything ever released of these items
   */
  public record Privacy(PrivacyBudget budget, PrivacyLedger ledger) {
    /** ε of everything in the ledger at the budget's δ. */
    public double epsilon() {
      return budget.spent(ledger.phases());
    }

    /** Whether somebody is protected: no noise was seeded, and some was added. */
    public boolean holds() {
      return !ledger.seeded() && Double.isFinite(epsilon());
    }
  }
}
