package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Split;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.Provenance;
import io.sfumato.recommend.retrieval.IndexMemory;
import io.sfumato.recommend.retrieval.IndexOptions;
import io.sfumato.recommend.retrieval.ItemIndex;
import io.sfumato.recommend.retrieval.Simd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tells what a bundle holds and where it came from. */
@Command(name = "inspect", mixinStandardHelpOptions = true, sortOptions = false, description = "What a bundle holds, how it was made, and whether every file is as it was written.", footerHeading = "%nExamples:%n", footer = {
  "  sfumato inspect my-bundle", "  sfumato inspect my-bundle --json"})
final class InspectCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BUNDLE", description = "The directory that 'train' wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  InspectCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Bundle bundle = Bundle.open(directory);
    Provenance provenance = bundle.provenance();
    Split split = bundle.split(bundle.catalog());
    Map<String, Long> sizes = new TreeMap<>();
    bundle.files().forEach((name, bytes) -> sizes.merge(name.substring(0, name.indexOf('/') + 1), bytes, Long::sum));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bundle", bundle.directory().toString());
    json.put("verified", true);
    json.put("exported", bundle.exported());
    json.put("data", Described.split(split));
    json.put("data_sha256", hash(bundle));
    json.put("data_location", provenance.dataLocation());
    json.put("created", bundle.created());
    json.put("environment", bundle.environment());
    json.put("seed", provenance.seed());
    json.put("bytes", sizes);
    IndexOptions searched = RecommenderModel.indexOptions(bundle);
    IndexMemory memory;
    try (ItemIndex index = RecommenderModel.openIndex(bundle)) {
      memory = index.memory();
    }
    json.put("index", index(searched, memory, bundle.catalog().size()));
    json.put("files", bundle.files());
    json.put("results", provenance.results());
    if (bundle.privacy() != null) {
      json.put("privacy", PrivacyFacts.json(bundle));
      json.put("internal_not_private", List.of("data", "data_sha256", "people"));
      json.put("people", bundle.peopleFacts());
    }
    json.put("configuration", provenance.configuration());
    output.print(streams.out(), json, () -> text(bundle, split, sizes, searched, memory));
    return 0;
  }

  /** Of the data; a private bundle keeps it with its people. */
  private static String hash(Bundle bundle) {
    return bundle.privacy() == null
        ? bundle.provenance().dataHash()
        : String.valueOf(bundle.peopleFacts().getOrDefault("data_sha256", ""));
  }

  private static String text(Bundle bundle, Split split, Map<String, Long> sizes, IndexOptions searched,
      IndexMemory memory) {
    Provenance provenance = bundle.provenance();
    List<List<String>> facts = new ArrayList<>();
    facts.add(List.of("bundle", bundle.directory() + " (every file as it was written)"));
    facts.add(List.of("data",
        provenance.dataName() + (bundle.exported() ? ", exported without its people"
            : ", from " + provenance.dataLocation())));
    String exact = bundle.privacy() == null ? "" : " (" + PrivacyFacts.INTERNAL + ")";
    facts.addAll(PrivacyFacts.lines(bundle));
    if (bundle.exported()) {
      facts.add(List.of("holds", Sfumato.plural(split.train().itemCount(), "item")));
    } else {
      facts.add(List.of("data sha-256", hash(bundle) + exact));
      facts.add(List.of("holds", "%s, %s%s".formatted(Sfumato.plural(split.train().itemCount(), "item"),
          Sfumato.plural(split.train().userCount(), "user"), exact)));
      facts.add(List.of("split", "%s: %,d train, %,d validation, %,d test interactions%s".formatted(provenance.split(),
          split.train().size(), split.valid().size(), split.test().size(), exact)));
    }
    facts.add(List.of("made", bundle.created() + " with " + values(bundle.environment())));
    facts.add(List.of("seed", String.valueOf(provenance.seed())));
    sizes.forEach((part, bytes) -> facts.add(List.of(part, Text.bytes(bytes))));
    facts.add(List.of("index",
        "%s, %d links, breadth %d; mapped: vectors %s%s, graph %s; heap %s; vector instructions %s".formatted(
            searched.storage().id(), searched.links(), searched.breadthOf(bundle.catalog().size()),
            Text.bytes(memory.vectors()),
            memory.compressed() == 0 ? "" : ", compressed " + Text.bytes(memory.compressed()),
            Text.bytes(memory.graph()), Text.bytes(memory.lookup()), Simd.describe())));
    for (String section : List.of("text", "image", "fusion")) {
      if (provenance.configuration().get(section) instanceof Map<?, ?> settings) {
        facts.add(List.of(section, values(settings)));
      }
    }
    return Text.facts(facts) + "\nResults of training:\n" + Described.results(provenance.results());
  }

  /** How the index is searched, and what it needs: mapped files count as memory as far as they are resident. */
  private static Map<String, Object> index(IndexOptions searched, IndexMemory memory, int items) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", searched.storage().id());
    json.put("links", searched.links());
    json.put("breadth", searched.breadthOf(items));
    json.put("exact_below", searched.exactBelow());
    json.put("segments", memory.segments());
    json.put("vector_bytes", memory.vectors());
    json.put("compressed_bytes", memory.compressed());
    json.put("graph_bytes", memory.graph());
    json.put("heap_bytes", memory.lookup());
    json.put("vector_instructions", Simd.describe());
    return json;
  }

  private static String values(Map<?, ?> map) {
    return map.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", "));
  }
}
