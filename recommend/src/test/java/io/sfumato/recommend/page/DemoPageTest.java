package io.sfumato.recommend.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.datasets.Item;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.recommend.Shares;
import io.sfumato.recommend.evaluation.report.Thumbnails;
import io.sfumato.recommend.page.DemoPage.Card;
import io.sfumato.recommend.page.DemoPage.Fact;
import io.sfumato.recommend.page.DemoPage.Pick;
import io.sfumato.recommend.page.DemoPage.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoPageTest {
  @TempDir
  Path directory;

  @Test
  void isOneFileWithPicturesSharesAndMetrics() throws IOException {
    Path file = directory.resolve("out/index.html");
    page("c-0017").write(file);
    String html = Files.readString(file);
    assertThat(html).startsWith("<!doctype html>")
        .contains("customer c-0017", "simulated", "data:image/jpeg;base64,", "NDCG@20", "width=\"41.5\"", "42 %")
        .doesNotContain("<script", "src=\"http", "null");
    assertThat(directory.resolve("out")).isDirectoryNotContaining(other -> !other.equals(file));
  }

  @Test
  void escapesWhatTheCatalogueSays() throws IOException {
    Path file = directory.resolve("index.html");
    page("<script>alert(1)</script>").write(file);
    assertThat(Files.readString(file)).doesNotContain("<script>").contains("&lt;script&gt;");
  }

  @Test
  void segmentsFillTheBar() {
    List<ShareBar.Segment> segments = ShareBar.segments(Shares.of(3, 1, 1, 0));
    assertThat(segments).extracting(ShareBar.Segment::percent).containsExactly("60 %", "20 %", "20 %", "0 %");
    assertThat(segments.getLast().start() + segments.getLast().width()).isEqualTo(100);
  }

  private static DemoPage page(String customer) {
    DemoShop shop = DemoShop.builder().items(60).customers(20).build();
    Thumbnails thumbnails = new Thumbnails(192);
    List<Card> cards = IntStream.range(0, 24)
        .mapToObj(i -> card(shop.dataset().catalog().item(i), thumbnails))
        .toList();
    List<Pick> picks = IntStream.range(0, 8)
        .mapToObj(i -> new Pick(i + 1, cards.get(12 + i),
            ShareBar.segments(Shares.of(0.415, 0.3 - i / 50.0, 0.2, 0.085 + i / 50.0)),
            List.of(new Reason(cards.get(i), "41 %"), new Reason(cards.get(i + 1), "22 %"),
                new Reason(cards.get(i + 2), "9 %"))))
        .toList();
    Map<String, Map<String, Double>> models = new LinkedHashMap<>();
    List<String> names = List.of("sfumato", "fused", "text-only", "image-only", "ease", "itemknn", "popular");
    for (int i = 0; i < names.size(); i++) {
      Map<String, Double> means = new LinkedHashMap<>();
      for (String metric : List.of("recall", "ndcg", "precision", "map", "mrr", "hit_rate")) {
        means.put(metric, 0.31 / (1 + 0.3 * i));
      }
      models.put(names.get(i), means);
    }
    return new DemoPage(shop.description(), customer, cards.subList(0, 12), 17, picks, MetricChart.of(20, 500, models),
        List.of(new Fact("image weight", "0.4712"), new Fact("epochs", "12")));
  }

  private static Card card(Item item, Thumbnails thumbnails) {
    return new Card(item.id(), item.title().isEmpty() ? "(no text) " + item.id() : item.title(),
        String.join(" · ", item.attributes().values()), thumbnails.of(item));
  }
}
