package io.sfumato.it.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.Request;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** The examples run, and the page for users shows them as they are. */
class EmbeddingTest {
  private static final Path PAGE = Path.of("../recommend/USING.md");
  private static final Path SOURCES = Path.of("src/test/java/io/sfumato/it/embedding");

  @TempDir
  static Path work;

  private static Path bundle = Path.of("");

  @BeforeAll
  static void writeBundle() {
    bundle = EmbeddedShop.write(work.resolve("shop"));
  }

  @Test
  void springOpensMetersAndCloses() {
    MeterRegistry registry = new SimpleMeterRegistry();
    Recommender recommender;
    try (AnnotationConfigApplicationContext spring = new AnnotationConfigApplicationContext()) {
      spring.getEnvironment()
          .getPropertySources()
          .addFirst(new MapPropertySource("test", Map.of("shop.bundle", bundle.toString())));
      spring.registerBean(MeterRegistry.class, () -> registry);
      spring.register(ShopConfiguration.class);
      spring.refresh();
      recommender = spring.getBean(Recommender.class);
      ShopService service = new ShopService(recommender);
      assertThat(service.startPage("u-1")).hasSize(10);
      assertThat(service.bought("u-1", "item-1")).isTrue();
      assertThat(service.bought("u-1", "nothing")).isFalse();
    }
    assertThat(registry.get("sfumato.requests").tags("operation", "recommend", "outcome", "success").timer().count())
        .isEqualTo(1);
    assertClosed(recommender);
  }

  @Test
  void cdiProducesAndDisposes() throws NoSuchMethodException {
    MeterRegistry registry = new SimpleMeterRegistry();
    ShopProducer producer = new ShopProducer(new RecommenderSettings(bundle), registry);
    Recommender recommender = producer.recommender();
    assertThat(recommender.recommend(Request.forUser("u-1").k(3))).hasSize(3);
    producer.close(recommender);
    assertThat(registry.get("sfumato.requests").tags("operation", "recommend", "outcome", "success").timer().count())
        .isEqualTo(1);
    assertThat(ShopProducer.class.getDeclaredMethod("recommender").getAnnotations())
        .extracting(Annotation::annotationType)
        .extracting(Class::getSimpleName)
        .contains("Produces", "Singleton");
    assertClosed(recommender);
  }

  @Test
  void pageShowsTheExamplesAsTheyAre() throws IOException {
    String page = Files.readString(PAGE);
    for (String example : List.of("ShopConfiguration", "ShopProducer", "ShopService")) {
      String source = Files.readString(SOURCES.resolve(example + ".java"));
      String shown = source.substring(source.indexOf("import ")).strip();
      assertThat(page).as(example).contains("```java\n" + shown + "\n```");
    }
  }

  @Test
  void pageNamesEveryMeterAndTheCodesOfErrors() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).contains("sfumato.requests", "sfumato.items", "sfumato.items.changed", "sfumato.log.size",
        "sfumato.index.size", "sfumato.index.segments", "sfumato.native.arrays");
    assertThat(page).contains("UNKNOWN_ITEM", "UNKNOWN_ATTRIBUTE", "CLOSED", "IN_USE", "MALFORMED", "TOO_LARGE");
  }

  private static void assertClosed(Recommender recommender) {
    assertThatThrownBy(() -> recommender.recommend(Request.forUser("u-1"))).isInstanceOf(RecommendException.class)
        .hasMessageContaining("closed");
  }
}
