package io.sfumato.recommend.config;

/**
 * What a private training asks of the other settings: how an interaction is read and which part it is in may depend on nothing but itself, or on its own person, according to the unit; and
 * the catalogue, which is public, may not be cut by who took what.
 */
final class PrivateConditions {
  private PrivateConditions() {}

  /** Checks, and returns the split: {@code coin} in the place of {@code random}, whose draws for one person depend on who came before. */
  static String split(String split, DataSettings data, PrivacySettings privacy) {
    if (!privacy.enabled()) {
      return split;
    }
    boolean records = privacy.unit().equals("record");
    if (data.minUsersPerItem() > 0 || (records && data.minItemsPerUser() > 0)) {
      String key = data.minUsersPerItem() > 0 ? "data.min-users-per-item" : "data.min-items-per-user";
      throw new ConfigException("BAD_VALUE", key,
          "%s must be 0 with privacy.epsilon and privacy.unit %s: which %s are left would tell of other people's interactions"
              .formatted(key, privacy.unit(), data.minUsersPerItem() > 0 ? "items" : "interactions"));
    }
    String kind = split.contains(":") ? split.substring(0, split.indexOf(':')) : split;
    boolean otherRows = kind.equals("global-time") || kind.equals("cold")
        || (records && (kind.equals("last") || kind.equals("leave-one-out")));
    if (otherRows) {
      throw new ConfigException("BAD_VALUE", "split",
          "split must not be %s with privacy.epsilon and privacy.unit %s: where an interaction goes would depend on others; use coin:0.8,0.1,0.1%s or file:PATH"
              .formatted(kind, privacy.unit(), records ? "" : ", last, leave-one-out"));
    }
    return kind.equals("random") ? "coin" + split.substring("random".length()) : split;
  }

  /** Refuses a search for as long as a time: which trial was best would be told of people's interactions, and no mechanism is charged for it. */
  static void tuning(TuningSettings tuning, PrivacySettings privacy) {
    if (privacy.enabled() && tuning.time() != null) {
      throw new ConfigException("BAD_VALUE", "tuning.time",
          "tuning.time (--tune) must not be given with privacy.epsilon: every trial would look at people's interactions without being charged; settings are taken as they stand");
    }
  }

  /** Dropout inside encoders is drawn for a whole batch. */
  static void dropout(TrainingSettings training, PrivacySettings privacy) {
    if (privacy.enabled() && training.encoderDropout() > 0) {
      throw new ConfigException("BAD_VALUE", "training.encoder-dropout",
          "training.encoder-dropout must be 0 with privacy.epsilon but was %s: it is drawn for a whole batch, so one person's draws would hang on who else is there"
              .formatted(training.encoderDropout()));
    }
  }
}
