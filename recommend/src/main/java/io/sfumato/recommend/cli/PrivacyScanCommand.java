package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.recommend.audit.PrivacyScan;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.config.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks for what should not be in a catalogue, or leave the house. */
@Command(name = "scan", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Looks through the texts of a data folder or a bundle for what looks like personal data (e-mail addresses, phone numbers, card numbers and IBANs with their check digits), for items with so few takers that they point to a person, and for what of people/ would leave with the bundle.",
  "Exit code 1 where something was found. What is found is shown by its first and last characters alone."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato privacy scan my-shop", "  sfumato privacy scan my-bundle --json",
    "  sfumato privacy scan my-shop --region DE --least-takers 10"})
final class PrivacyScanCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  @Parameters(index = "0", paramLabel = "DIR", description = "A data folder or a bundle.")
  @SuppressWarnings("NullAway.Init")
  private Path place;

  @Option(names = "--region", paramLabel = "CC", defaultValue = "", description = "Two letters of a country whose phone numbers count also without a country code.")
  @SuppressWarnings("NullAway.Init")
  private String region;

  @Option(names = "--least-takers", paramLabel = "N", defaultValue = "5", description = "Items that fewer people took point to a person; 0 not to look. Default: ${DEFAULT-VALUE}.")
  private int leastTakers;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private DataOptions dataOptions;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  PrivacyScanCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    PrivacyScan.Options options = new PrivacyScan.Options(region, leastTakers);
    PrivacyScan scan;
    if (Files.exists(place.resolve("sfumato.json"))) {
      scan = PrivacyScan.of(Bundle.open(place), options);
    } else {
      ConfigReader reader = ConfigReader.reference().override("data.check-images", false, "the scan");
      dataOptions.apply(reader);
      scan = PrivacyScan.of(DataOptions.read(place, reader.read().data()), options);
    }
    output.print(streams.out(), json(scan), () -> text(scan));
    return scan.foundSomething() ? Failures.FAILED : 0;
  }

  private Map<String, Object> json(PrivacyScan scan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("place", place.toString());
    json.put("items", scan.items());
    json.put("counts", new TreeMap<>(scan.counts()));
    json.put("findings", scan.findings()
        .stream()
        .map(found -> Map.of("kind", found.kind(), "item", found.item(), "field", found.field(), "excerpt",
            found.excerpt()))
        .toList());
    json.put("few_takers",
        Map.of("below", scan.leastTakers(), "items", scan.fewTakers(), "examples", scan.fewTakersExamples()));
    json.put("people", new TreeMap<>(scan.people()));
    return json;
  }

  private static String text(PrivacyScan scan) {
    StringBuilder text = new StringBuilder("Looked at " + Sfumato.plural(scan.items(), "item") + ".\n");
    if (scan.counts().isEmpty()) {
      text.append("No text looks like personal data.\n");
    } else {
      List<List<String>> rows = new ArrayList<>();
      scan.findings()
          .stream()
          .limit(SHOWN)
          .forEach(found -> rows.add(List.of(found.kind(), found.item(), found.field(), found.excerpt())));
      text.append("Texts that look like personal data: ")
          .append(new TreeMap<>(scan.counts()))
          .append('\n')
          .append(Text.table(List.of("kind", "item", "field", "excerpt"), rows));
      if (scan.findings().size() > SHOWN) {
        text.append("… --json tells more.\n");
      }
    }
    if (scan.leastTakers() > 0) {
      text.append(scan.fewTakers() == 0
          ? "No item points to a person: each that was taken at all has %d takers or more.\n"
              .formatted(scan.leastTakers())
          : "%s fewer than %d takers, and may point to a person: %s%s\n".formatted(
              Sfumato.plural(scan.fewTakers(), "item") + (scan.fewTakers() == 1 ? " has" : " have"),
              scan.leastTakers(), String.join(", ", scan.fewTakersExamples()),
              scan.fewTakers() > scan.fewTakersExamples().size() ? ", …" : ""));
    }
    if (!scan.people().isEmpty()) {
      text.append("Would leave with a plain copy of the bundle, but not with 'export --release':\n");
      scan.people()
          .forEach((name, bytes) -> text.append("  ")
              .append(name)
              .append(", ")
              .append(Text.bytes(bytes))
              .append('\n'));
    }
    return text.toString();
  }
}
