package io.sfumato.recommend.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one choice of settings came to on the validation interactions.
 *
 * @param what the part that was fitted, such as {@code ease}
 * @param settings by name
 * @param ndcg NDCG@20 on validation
 * @param seconds wall time of fitting and measuring
 */
record Trial(String what, Map<String, Double> settings, double ndcg, double seconds) {
  Trial {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("model", what);
    map.put("settings", settings);
    map.put("ndcg", ndcg);
    map.put("seconds", Math.round(seconds * 100) / 100.0);
    return map;
  }
}
