package io.sfumato.recommend.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Item;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.CatalogFile;
import io.sfumato.recommend.bundle.UpdateLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks through data, or through a bundle, for what should not be in a catalogue or leave the house: texts that look like personal data, items with so few takers that they point to a person, and what of
 * {@code people/} is in the bundle. A bundle's full-text index and vectors hold the same texts as its catalogue. Pictures are not looked at, but for their names.
 *
 * @param items that were looked at
 * @param counts of what was found in texts, by kind
 * @param findings the first {@value #MOST} of it
 * @param fewTakers items that somebody took, but fewer people than {@code leastTakers}
 * @param fewTakersExamples ids of the first {@value #EXAMPLES} of them
 * @param leastTakers below which an item points to a person; 0 where they were not counted
 * @param people files of {@code people/}, which only {@code export --release} leaves out, with their sizes in bytes; empty for data and for exported bundles
 */
public record PrivacyScan(long items, Map<String, Long> counts, List<Found> findings, long fewTakers,
    List<String> fewTakersExamples, int leastTakers, Map<String, Long> people) {

  private static final int MOST = 1000;
  private static final int EXAMPLES = 20;
  private static final String CATALOG = "model/catalog";
  private static final String HISTORIES = "people/histories.jsonl";
  private static final ObjectMapper JSON = new ObjectMapper();

  public PrivacyScan {
    counts = Map.copyOf(counts);
    findings = List.copyOf(findings);
    fewTakersExamples = List.copyOf(fewTakersExamples);
    people = Map.copyOf(people);
  }

  /**
   * Something that looks like personal data.
   *
   * @param kind {@code e-mail}, {@code card}, {@code iban} or {@code phone}
   * @param item its id
   * @param field {@code id}, {@code title}, {@code text}, {@code picture}, or {@code attribute:} and its name
   * @param excerpt its first and last characters
   */
  public record Found(String kind, String item, String field, String excerpt) {}

  /**
   * How to look.
   *
   * @param region whose national phone numbers count too, two letters; "" for those with a country code alone
   * @param leastTakers items with fewer takers than this point to a person; 0 not to count
   */
  public record Options(String region, int leastTakers) {
    public Options {
      if (leastTakers < 0) {
        throw new IllegalArgumentException("the least number of takers must be 0 or more but was " + leastTakers);
      }
    }
  }

  /** Whether there is anything that should be looked at: in texts, or few takers. */
  public boolean foundSomething() {
    return !counts.isEmpty() || fewTakers > 0;
  }

  /** Scans a data set as it was read. */
  public static PrivacyScan of(Dataset data, Options options) {
    Scanner scanner = new Scanner(options);
    for (Item item : data.catalog()) {
      scanner.item(item, item.image() == null ? "" : item.image().name());
    }
    int[] takers = data.interactions().itemCounts();
    for (int item = 0; item < takers.length; item++) {
      scanner.takers(data.catalog().item(item).id(), takers[item]);
    }
    return scanner.result(Map.of());
  }

  /** Scans a bundle line by line; of what it holds, ids of items and numbers of takers are in memory at once. */
  public static PrivacyScan of(Bundle bundle, Options options) {
    Scanner scanner = new Scanner(options);
    List<String> ids = bundle.reading(CATALOG, folder -> {
      List<String> all = new ArrayList<>();
      try (BufferedReader lines = Files.newBufferedReader(folder.resolve("items.jsonl"))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          JsonNode node = JSON.readTree(line);
          scanner.item(CatalogFile.item(node, null), node.at("/image/name").asText());
          all.add(node.path("id").asText());
        }
      }
      return all;
    });
    if (Files.exists(bundle.log(Bundle.CATALOG_LOG))) {
      UpdateLog.open(bundle.log(Bundle.CATALOG_LOG), record -> live(record, scanner)).close();
    }
    if (!bundle.exported() && options.leastTakers > 0) {
      int[] takers = bundle.reading(HISTORIES, file -> takers(file, ids.size()));
      for (int item = 0; item < takers.length; item++) {
        scanner.takers(ids.get(item), takers[item]);
      }
    }
    Map<String, Long> people = new TreeMap<>();
    bundle.files().forEach((name, bytes) -> {
      if (name.startsWith("people/")) {
        people.put(name, bytes);
      }
    });
    try {
      if (Files.exists(bundle.log(Bundle.FEEDBACK_LOG))) {
        people.put(Bundle.FEEDBACK_LOG, Files.size(bundle.log(Bundle.FEEDBACK_LOG)));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return scanner.result(people);
  }

  private static void live(byte[] record, Scanner scanner) {
    try {
      JsonNode put = JSON.readTree(new String(record, StandardCharsets.UTF_8)).path("put");
      if (put.isObject()) {
        scanner.item(CatalogFile.item(put, null), "");
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static int[] takers(java.nio.file.Path file, int items) throws IOException {
    int[] takers = new int[items];
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Set<Integer> own = new HashSet<>();
        for (JsonNode node : JSON.readTree(line).path("items")) {
          int item = node.asInt(-1);
          if (item >= 0 && item < items && own.add(item)) {
            takers[item]++;
          }
        }
      }
    }
    return takers;
  }

  /** Collects what is found. */
  private static final class Scanner {
    private final PersonalData detector;
    private final int leastTakers;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final List<Found> findings = new ArrayList<>();
    private final List<String> examples = new ArrayList<>();
    private long items;
    private long few;

    Scanner(Options options) {
      this.detector = new PersonalData(options.region);
      this.leastTakers = options.leastTakers;
    }

    void item(Item item, String picture) {
      items++;
      text(item.id(), "id", item.id());
      text(item.id(), "title", item.title());
      text(item.id(), "text", item.text());
      text(item.id(), "picture", picture);
      item.attributes().forEach((name, value) -> {
        text(item.id(), "attribute:" + name, name);
        text(item.id(), "attribute:" + name, value);
      });
    }

    private void text(String item, String field, String text) {
      for (PersonalData.Match match : detector.find(text)) {
        counts.merge(match.kind(), 1L, Long::sum);
        if (findings.size() < MOST) {
          String id = field.equals("id") ? match.masked() : item;
          findings.add(new Found(match.kind(), id, field, match.masked()));
        }
      }
    }

    void takers(String item, int number) {
      if (number > 0 && number < leastTakers) {
        few++;
        if (examples.size() < EXAMPLES) {
          examples.add(item);
        }
      }
    }

    PrivacyScan result(Map<String, Long> people) {
      return new PrivacyScan(items, counts, findings, few, examples, leastTakers, people);
    }
  }
}
