package io.sfumato.recommend.service;

import io.sfumato.datasets.Item;
import io.sfumato.recommend.Because;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.Shares;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What answers look like in JSON. */
final class Answers {
  private Answers() {}

  /** @param image whether it has a picture */
  record ItemView(String id, String title, String text, Map<String, String> attributes, boolean image) {
    static ItemView of(Item item) {
      return new ItemView(item.id(), item.title(), item.text(), item.attributes(), item.hasImage());
    }
  }

  /** @param image whether the item has a picture */
  record Found(String item, String title, double score, Shares shares, List<Because> because, boolean image) {}

  /** @param known whether the person's history was known; absent where none was asked for */
  record Recommendations(List<Found> recommendations, @Nullable Boolean known) {}

  /** @param total how many there are, of which these are a page */
  record Items(int total, int from, List<ItemView> items) {}

  /** An item of someone's history. */
  record Taken(String item, String title, boolean image) {}

  static Found found(Recommendation r, boolean image) {
    return new Found(r.item(), r.title(), r.score(), r.shares(), r.because(), image);
  }
}
