package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.encoders.Progress;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.BundleWriter;
import io.sfumato.recommend.config.ConfigException;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.retrieval.Filter;
import io.sfumato.recommend.retrieval.IndexOptions;
import io.sfumato.recommend.retrieval.ItemIndex;
import io.sfumato.recommend.retrieval.VectorStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the settings say of retrieval is what the index is built and searched with. */
class RetrievalFileTest {
  private final MadeShop shop = MadeShop.create();

  @Test
  void anIndexIsSearchedWithTheSettingsItWasBuiltWith(@TempDir Path directory) {
    IndexOptions options = ConfigReader.reference()
        .set("retrieval.format", "int8")
        .set("retrieval.links", "8")
        .set("retrieval.build-breadth", "40")
        .set("retrieval.breadth", "60")
        .set("retrieval.exact-below", "50")
        .read()
        .retrieval()
        .index();
    assertThat(options).isEqualTo(new IndexOptions(50, 60, 8, 40, VectorStorage.INT8));
    Path target = directory.resolve("shop");
    write(target, options);
    try (ItemIndex index = RecommenderModel.openIndex(Bundle.open(target))) {
      assertThat(index.options()).isEqualTo(options);
      assertThat(index.memory().compressed()).isPositive();
      assertThat(index.nearest(shop.vectors.fused(7), 1, Filter.ALL, new int[0]).items()).containsExactly(7);
    }
    try (Recommender recommender = Recommender.open(target)) {
      assertThat(recommender.recommend(Request.forHistory("item-0").k(5))).hasSize(5);
    }
  }

  @Test
  void aBundleThatSaysNothingHasTheDefaults(@TempDir Path directory) {
    Path target = directory.resolve("shop");
    try (BundleWriter writer = BundleWriter.create(target)) {
      writer.catalog(shop.catalog);
      writer.commit(MadeShop.provenance());
    }
    assertThat(RecommenderModel.indexOptions(Bundle.open(target))).isEqualTo(IndexOptions.defaults());
  }

  @Test
  void settingsThatCannotBeAreRefused(@TempDir Path directory) throws IOException {
    assertThatThrownBy(() -> ConfigReader.reference().set("retrieval.format", "int2").read())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("retrieval.format must be one of float32, int8, int4, bbq but was 'int2'");
    Path target = directory.resolve("shop");
    try (BundleWriter writer = BundleWriter.create(target)) {
      writer.catalog(shop.catalog);
      Files.writeString(writer.file("model/retrieval.json"), "{\"exact_below\": 5, \"breadth\": \"wide\"}");
      writer.commit(MadeShop.provenance());
    }
    assertThatThrownBy(() -> RecommenderModel.indexOptions(Bundle.open(target))).isInstanceOf(BundleException.class)
        .hasMessageContaining("breadth must be a whole number but is \"wide\"");
  }

  private void write(Path target, IndexOptions options) {
    try (BundleWriter writer = BundleWriter.create(target)) {
      shop.model.save(writer, options, 1, Progress.silent());
      writer.histories(shop.split);
      writer.commit(MadeShop.provenance());
    }
  }
}
