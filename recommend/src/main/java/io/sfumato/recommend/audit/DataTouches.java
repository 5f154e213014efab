package io.sfumato.recommend.audit;

import io.sfumato.privacy.audit.DataTouch;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.config.SfumatoConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every use that a training made of people's interactions, or might have made, as a report tells it. */
final class DataTouches {
  private static final String CHARGED = "charged";
  private static final String POST_PROCESSING = "post-processing";
  private static final String OFF = "off";
  private static final String UNCHARGED = "uncharged";

  private DataTouches() {}

  /** What the bundle's own results tell, and what holds of every training of this library. */
  static List<DataTouch> of(Bundle bundle, SfumatoConfig config) {
    List<DataTouch> touches = new ArrayList<>();
    if (bundle.privacy() == null) {
      notPrivate(touches, config);
    } else {
      told(touches, bundle.provenance().results());
    }
    touches.add(split(bundle, config));
    if (config.data().minItemsPerUser() > 0 || config.data().minUsersPerItem() > 0) {
      touches.add(new DataTouch("people or items left out by how many interactions they have",
          config.data().minUsersPerItem() > 0 ? UNCHARGED : POST_PROCESSING,
          config.data().minUsersPerItem() > 0 ? "which items are there tells of all people"
              : "each person by their own interactions alone"));
    }
    touches.add(new DataTouch("search index of texts (BM25)", OFF, "made of the public catalogue alone"));
    touches.add(new DataTouch("search graph of item vectors", bundle.privacy() == null ? UNCHARGED : POST_PROCESSING,
        "made of the item vectors alone"));
    touches.add(new DataTouch("vocabulary of the text encoder", OFF,
        config.text().enabled() ? "comes with the encoder %s".formatted(config.text().encoder())
            : "there is no text encoder"));
    touches.add(new DataTouch("histories and feedback in people/", UNCHARGED,
        bundle.has("people/histories.jsonl") ? "exact, to serve those people; never part of what is released"
            : "not in this bundle"));
    return touches;
  }

  private static void told(List<DataTouch> touches, Map<String, Object> results) {
    if (results.get("privacy") instanceof Map<?, ?> privacy && privacy.get("uses") instanceof List<?> uses) {
      for (Object use : uses) {
        if (use instanceof Map<?, ?> map) {
          String kind = String.valueOf(map.get("kind"));
          touches.add(new DataTouch(String.valueOf(map.get("what")),
              List.of(CHARGED, POST_PROCESSING, OFF).contains(kind) ? kind : UNCHARGED,
              String.valueOf(map.get("how"))));
        }
      }
    }
  }

  private static void notPrivate(List<DataTouch> touches, SfumatoConfig config) {
    touches.add(new DataTouch("fusion, user tower, encoders that learn", UNCHARGED,
        "trained on interactions without noise, stopped early by validation interactions"));
    if (config.collaborative().enabled()) {
      touches.add(new DataTouch("item models of who took what together", UNCHARGED, "exact"));
    }
    touches.add(new DataTouch("popularity, item statistics", UNCHARGED, "exact counts"));
    touches.add(new DataTouch("ranking model, choice of options", UNCHARGED, "learned from validation interactions"));
  }

  private static DataTouch split(Bundle bundle, SfumatoConfig config) {
    if (config.split().startsWith("file:")) {
      return new DataTouch("split", UNCHARGED,
          "taken from a file: whoever made it answers for how");
    }
    return new DataTouch("split", bundle.privacy() == null ? UNCHARGED : OFF,
        "%s: %s".formatted(bundle.provenance().split(), bundle.privacy() == null ? "as asked for"
            : "where a person's rows go depends on nobody else, and nothing of it is released"));
  }
}
