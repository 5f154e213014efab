package io.sfumato.recommend.service;

import io.sfumato.datasets.Attributes;
import io.sfumato.datasets.DataException;
import io.sfumato.datasets.ImageSource;
import io.sfumato.datasets.Images;
import io.sfumato.datasets.Item;
import io.sfumato.recommend.CatalogPage;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderSource;
import io.sfumato.recommend.service.Answers.ItemView;
import io.sfumato.recommend.service.Answers.Items;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is in the catalogue: items, their pictures, and the values of their attributes. */
final class CatalogCalls {
  private static final int MOST_ITEMS = 200;
  private static final int PAGE = 24;
  private static final int MOST_VALUES = 60;
  /** An attribute of more values than this is a text, an id or a price, which nobody picks from a list. */
  private static final int MANY_VALUES = 1_000;
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final RecommenderSource source;
  private final ServiceLimits limits;
  private volatile @Nullable Counted counted;

  CatalogCalls(RecommenderSource source, ServiceLimits limits) {
    this.source = source;
    this.limits = limits;
  }

  /**
   * A value of an attribute.
   *
   * @param items how many have it
   */
  record Value(String value, int items) {}

  /** Counting a large catalogue takes a while, so that it is done every now and then. */
  private record Counted(Answer answer, long at) {}

  Answer items(Asked asked) {
    Fields fields = asked.fields(Set.of("where", "from", "count"));
    int from = fields.number("from", 0, Integer.MAX_VALUE, 0);
    int count = fields.number("count", 0, MOST_ITEMS, PAGE);
    Map<String, Set<String>> where = fields.textsByName("where", limits.words());
    return source.use(recommender -> {
      CatalogPage page = recommender.catalog().page(AskCalls.filter(where), from, count);
      return Answer.json(new Items(page.total(), from, page.items().stream().map(ItemView::of).toList()));
    });
  }

  Answer item(Asked asked) {
    String id = asked.id();
    asked.fields(Set.of());
    return source.use(recommender -> Answer.json(ItemView.of(known(recommender, id))));
  }

  Answer image(Asked asked) {
    String id = asked.id();
    asked.fields(Set.of());
    byte[] bytes = source.use(recommender -> picture(known(recommender, id)));
    String type;
    try {
      String suffix = Images.suffix(bytes, id);
      type = "image/" + (suffix.equals("jpg") ? "jpeg" : suffix.equals("tif") ? "tiff" : suffix);
    } catch (DataException e) { // a bundle keeps small pictures as they came, also one that is none
      throw noPicture(id);
    }
    return Answer.of(type, bytes).header("Cache-Control", "private, max-age=300");
  }

  private static byte[] picture(Item item) {
    ImageSource image = item.image();
    if (image == null) {
      throw noPicture(item.id());
    }
    try {
      return image.read();
    } catch (IOException e) {
      throw noPicture(item.id());
    }
  }

  private static Problem noPicture(String id) {
    return new Problem(404, "NO_IMAGE", "item '%s' has no picture to show".formatted(id));
  }

  private static Item known(Recommender recommender, String id) {
    Item item = recommender.catalog().item(id);
    if (item == null) {
      throw new Problem(404, "UNKNOWN_ITEM", "the catalogue has no item '%s'".formatted(id));
    }
    return item;
  }

  Answer attributes(Asked asked) {
    asked.fields(Set.of());
    Counted last = counted;
    if (last != null && System.nanoTime() - last.at < KEPT_NANOS) {
      return last.answer;
    }
    Answer answer = source.use(recommender -> Answer.json(Map.of("attributes", count(recommender))));
    counted = new Counted(answer, System.nanoTime());
    return answer;
  }

  private static Map<String, List<Value>> count(Recommender recommender) {
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    Set<String> endless = new HashSet<>();
    recommender.catalog().items().forEach(item -> item.attributes().forEach((name, value) -> {
      if (!endless.contains(name)) {
        Map<String, Integer> values = counts.computeIfAbsent(name, key -> new HashMap<>());
        Attributes.values(value).forEach(one -> values.merge(one, 1, Integer::sum));
        if (values.size() > MANY_VALUES) {
          endless.add(name);
          counts.remove(name);
        }
      }
    }));
    Map<String, List<Value>> answer = new TreeMap<>();
    counts.forEach((name, values) -> {
      List<Value> list = new ArrayList<>();
      values.forEach((value, items) -> list.add(new Value(value, items)));
      list.sort(Comparator.comparingInt(Value::items).reversed().thenComparing(Value::value));
      answer.put(name, List.copyOf(list.subList(0, Math.min(list.size(), MOST_VALUES))));
    });
    return answer;
  }
}
