package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.bundle.BundleWriter;
import io.sfumato.recommend.collaborative.ContentFeatures;
import io.sfumato.recommend.collaborative.ContentRidge;
import io.sfumato.recommend.collaborative.ContentSpace;
import io.sfumato.recommend.collaborative.Ease;
import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.collaborative.Recency;
import io.sfumato.recommend.collaborative.Spectral;
import io.sfumato.recommend.collaborative.Transitions;
import io.sfumato.recommend.ranking.Channel;
import io.sfumato.recommend.ranking.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bundles that somebody tampered with who can compute all hashes anew, in a program with little memory. */
class UntrustedBundleTest {
  private static final int RUNS = Integer.getInteger("sfumato.fuzz.bundles", 1_000);
  private static final String HEAP = "-Xmx256m";

  @TempDir
  Path work;

  private Path whole;

  @BeforeEach
  void writeWholeOne() {
    whole = work.resolve("whole");
    MadeShop shop = MadeShop.create();
    Interactions train = shop.split.train();
    float[][] rows = new float[MadeShop.ITEMS][];
    for (int item = 0; item < rows.length; item++) {
      rows[item] = shop.vectors.part(0, item);
    }
    ContentSpace space = ContentSpace.fit(Map.of("text", rows), shop.catalog);
    ContentFeatures content = space.features(Map.of("text", rows), shop.catalog);
    List<ModelSignal> models = new ArrayList<>(shop.model.models());
    models.add(signal(Ease.fit(train, Ease.Options.DEFAULT)));
    models.add(signal(Ease.fit(train, Ease.Options.DEFAULT.withProximity(3, 5).withLimits(60, 7))));
    models.add(signal(Transitions.fit(train, new Transitions.Options(3, 1, new Recency(2, 0), 5))));
    models.add(signal(Spectral.fit(train, new Spectral.Options(4, 0.5, 0.3, 1))));
    models.add(signal(ContentRidge.fit(train, content, new ContentRidge.Options(1, 4, 1))));
    RecommenderModel model = new RecommenderModel(shop.catalog, shop.vectors, shop.model.profile(), models, shop.model
        .statistics(), shop.model.ranker(), space);
    try (BundleWriter writer = BundleWriter.create(whole)) {
      model.save(writer);
      writer.histories(shop.split);
      writer.commit(MadeShop.provenance());
    }
    try (Recommender recommender = Recommender.open(whole)) { // logs, to be tampered with too
      recommender.feedback("u-1", "item-5");
      Item item = new Item("item-new", "New shoes", "", Map.of("category", "shoes"), null);
      ItemVectors vectors = shop.encode(item);
      recommender.catalog().put(item, vectors);
      recommender.catalog().remove("item-7");
    }
  }

  private static ModelSignal signal(ItemModel model) {
    return new ModelSignal(new Signal(model.name(), Channel.COLLABORATIVE, true), model);
  }

  @Test
  @Timeout(value = 28, unit = TimeUnit.MINUTES)
  void opensOrIsRefusedWithinLittleMemory() throws IOException, InterruptedException {
    Path told = work.resolve("told");
    Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP,
        "--enable-native-access=ALL-UNNAMED", "--add-modules", "jdk.incubator.vector",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", System.getProperty("java.class.path"),
        BundleFuzz.class.getName(), whole.toString(), work.resolve("fuzz").toString(), "7", Integer.toString(RUNS))
        .redirectErrorStream(true)
        .redirectOutput(told.toFile())
        .start();
    boolean ended = child.waitFor(25, TimeUnit.MINUTES); // a bundle must not hang it either: a few minutes do
    if (!ended) {
      child.destroyForcibly();
    }
    assertThat(ended).as(Files.readString(told)).isTrue();
    assertThat(child.exitValue()).as(Files.readString(told)).isZero();
    assertThat(Files.readString(told)).contains("opened", "MALFORMED", "CORRUPT");
  }
}
