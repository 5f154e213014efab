package io.sfumato.recommend.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.MemoryImage;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.recommend.audit.PrivacyScan.Found;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleWriter;
import io.sfumato.recommend.bundle.Provenance;
import io.sfumato.recommend.bundle.UpdateLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivacyScanTest {
  private static final PrivacyScan.Options OPTIONS = new PrivacyScan.Options("", 3);

  @TempDir
  private Path directory;

  /** Item a has four takers, b two (one of them twice), c one, d none. */
  private static Dataset data() {
    Catalog catalog = Catalog.of(List.of(
        new Item("a", "mug", "write to ann@acme.org or +1 650 253 0000", Map.of("maker", "bo@acme.org"), null),
        new Item("b", "hat", "", Map.of("x@acme.org", "1"), new MemoryImage("cy@acme.org.png", new byte[]{1})),
        new Item("di@acme.org", "bag", "", Map.of(), null), new Item("d", "cup", "", Map.of(), null)));
    Interactions.Builder rows = Interactions.builder(catalog);
    for (String user : List.of("u1", "u2", "u3", "u4")) {
      rows.add(user, 0, 1, 1);
    }
    rows.add("u1", 1, 1, 2).add("u1", 1, 1, 3).add("u2", 1, 1, 4).add("u3", 2, 1, 5);
    return new Dataset("shop", catalog, rows.build(), DataReport.empty());
  }

  @Test
  void everyFieldIsLookedAtAndFewTakersAreCounted() {
    PrivacyScan scan = PrivacyScan.of(data(), OPTIONS);
    assertThat(scan.items()).isEqualTo(4);
    assertThat(scan.counts()).isEqualTo(Map.of("e-mail", 4L, "phone", 1L));
    assertThat(scan.findings()).extracting(Found::field)
        .containsExactly("text", "text", "attribute:maker", "attribute:x@acme.org", "id");
    assertThat(scan.findings()).extracting(Found::excerpt).noneMatch(excerpt -> excerpt.contains("acme"));
    assertThat(scan.findings().getLast().item()).as("not even as an id").isEqualTo("di…rg");
    assertThat(scan.fewTakers()).isEqualTo(2);
    assertThat(scan.fewTakersExamples()).containsExactly("b", "di@acme.org");
    assertThat(scan.foundSomething()).isTrue();
    assertThat(PrivacyScan.of(data(), new PrivacyScan.Options("", 0)).fewTakers()).isZero();
    assertThatThrownBy(() -> new PrivacyScan.Options("", -1)).hasMessageContaining("-1");
  }

  @Test
  void aBundleIsReadLineByLineWithWhatCameSince() {
    Split split = Splitter.parse("coin", 1).split(data());
    Path target = directory.resolve("shop");
    try (BundleWriter writer = BundleWriter.create(target)) {
      writer.catalog(split.dataset().catalog());
      writer.histories(split);
      writer.commit(new Provenance("shop", "", "", "coin", 1, Map.of(), Map.of()));
    }
    Bundle bundle = Bundle.open(target);
    PrivacyScan before = PrivacyScan.of(bundle, OPTIONS);
    PrivacyScan data = PrivacyScan.of(data(), OPTIONS);
    assertThat(before.counts()).isEqualTo(data.counts());
    assertThat(before.findings()).isEqualTo(data.findings());
    assertThat(before.fewTakersExamples()).isEqualTo(data.fewTakersExamples());
    assertThat(before.people()).containsOnlyKeys("people/histories.jsonl");
    try (UpdateLog log = UpdateLog.open(bundle.log(Bundle.CATALOG_LOG), record -> {})) {
      log.append(UpdateLog.record(
          "{\"put\":{\"id\":\"new\",\"title\":\"by eve@acme.org\",\"text\":\"\",\"attributes\":{}},\"parts\":\"\"}"));
      log.append(UpdateLog.record("{\"remove\":\"a\"}"));
    }
    PrivacyScan after = PrivacyScan.of(bundle, OPTIONS);
    assertThat(after.findings().getLast()).isEqualTo(new Found("e-mail", "new", "title", "ev…rg"));
  }
}
