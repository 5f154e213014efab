package io.sfumato.recommend.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.recommend.Because;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.evaluation.report.Thumbnails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The page of a demo run: a customer's history and recommendations as pictures, with shares and reasons, and how the models compare. One file that
 * loads nothing.
 *
 * @param description what the shop is, and that its customers are simulated
 * @param customer id of the customer
 * @param history what they took, newest first
 * @param historySize how many items that are in all
 * @param picks what is recommended, the best first
 * @param chart the comparison by NDCG
 * @param facts further results of training by name
 */
public record DemoPage(String description, String customer, List<Card> history, int historySize, List<Pick> picks,
    MetricChart chart, List<Fact> facts) {

  private static final String PACKAGE = DemoPage.class.getPackageName();
  private static final int PICTURE_SIDE = 192;
  private static final int HISTORY_SHOWN = 12;
  private static final int REASONS_SHOWN = 3;

  public DemoPage {
    history = List.copyOf(history);
    picks = List.copyOf(picks);
    facts = List.copyOf(facts);
  }

  /** An item as the page shows it. */
  record Card(String id, String title, String caption, @Nullable String image) {}

  /** A recommendation as the page shows it. */
  record Pick(int rank, Card card, List<ShareBar.Segment> shares, List<Reason> reasons) {
    Pick {
      shares = List.copyOf(shares);
      reasons = List.copyOf(reasons);
    }
  }

  /** An item of the history that speaks for a recommendation, with its share of what the history says. */
  record Reason(Card card, String percent) {}

  /** A result of training. */
  record Fact(String name, String value) {}

  /**
   * Collects what the page shows.
   *
   * @param recommender open, with the customer's history
   * @param k cut of the metrics
   * @param users how many users they are over
   * @param models metrics by key, by model
   * @param results what training measured; only single values are shown
   */
  public static DemoPage of(DemoShop shop, Recommender recommender, String customer, List<Recommendation> found, int k,
      int users, Map<String, Map<String, Double>> models, Map<String, Object> results) {
    Thumbnails thumbnails = new Thumbnails(PICTURE_SIDE);
    List<String> taken = new ArrayList<>(recommender.history(customer));
    Collections.reverse(taken);
    List<Card> history = taken.stream().limit(HISTORY_SHOWN).map(id -> card(id, recommender, thumbnails)).toList();
    List<Pick> picks = new ArrayList<>();
    for (Recommendation r : found) {
      picks.add(new Pick(picks.size() + 1, card(r.item(), recommender, thumbnails), ShareBar.segments(r.shares()),
          reasons(r.because(), recommender, thumbnails)));
    }
    List<Fact> facts = results.entrySet()
        .stream()
        .filter(e -> e.getValue() instanceof Number || e.getValue() instanceof String)
        .map(e -> new Fact(e.getKey().replace('_', ' '), MetricChart.figure(e.getValue())))
        .toList();
    return new DemoPage(shop.description(), customer, history, taken.size(), picks, MetricChart.of(k, users, models),
        facts);
  }

  /** Writes the page: beside its place first, so that a crash leaves no half of it. */
  public void write(Path file) throws IOException {
    StringOutput html = new StringOutput();
    TemplateEngine.createPrecompiled(null, ContentType.Html, DemoPage.class.getClassLoader(), PACKAGE)
        .render("demo.jte", this, html);
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    Path half = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(half, html.toString());
    Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<Reason> reasons(List<Because> because, Recommender recommender, Thumbnails thumbnails) {
    return because.stream()
        .limit(REASONS_SHOWN)
        .map(b -> new Reason(card(b.item(), recommender, thumbnails), Math.round(100 * b.weight()) + " %"))
        .toList();
  }

  private static Card card(String id, Recommender recommender, Thumbnails thumbnails) {
    Item item = recommender.catalog().item(id);
    if (item == null) {
      return new Card(id, id, "", null);
    }
    String title = item.title().isEmpty() ? "(no text) " + id : item.title();
    return new Card(id, title, String.join(" · ", item.attributes().values()), thumbnails.of(item));
  }
}
