package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.LedgerCheck;
import io.sfumato.privacy.accounting.LedgerEntry;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacySpend;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.accounting.SigningKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what a bundle's model has released of private data, and what that cost. */
@Command(name = "ledger", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Everything that a bundle's model/ has ever released of private data, whether the record of it is whole, and the epsilon of all of it together.",
  "Exit code 1 where the ledger was changed or shortened, or the bundle claims less than the ledger adds up to, or it is not signed with the trusted key."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato privacy ledger my-bundle", "  sfumato privacy ledger my-bundle --delta 1e-6 --json"})
final class PrivacyLedgerCommand implements Callable<Integer> {
  private static final String IN_BUNDLE = "model/ledger.json";
  private static final double DEFAULT_DELTA = 1e-5;

  @Parameters(index = "0", paramLabel = "DIR", description = "A bundle, or a ledger file.")
  @SuppressWarnings("NullAway.Init")
  private Path place;

  @Option(names = "--delta", paramLabel = "D", description = "Probability with which epsilon may fail, in (0, 1). Default: what the bundle claims, or 1e-5.")
  private @Nullable Double delta;

  @Option(names = "--trusted-key", paramLabel = "PEM", description = "The public key that the ledger must be signed with.")
  private @Nullable Path trustedKey;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  PrivacyLedgerCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Path file = file(place);
    PrivacyLedger ledger = PrivacyLedger.loadUnverified(file);
    LedgerClaim claim = Files.isDirectory(place) ? LedgerClaim.read(place.resolve("sfumato.json")) : null;
    PublicKey trusted = trustedKey == null ? null : SigningKeys.readPublic(trustedKey);
    LedgerCheck whole = claim == null ? ledger.verify() : claim.check(ledger);
    LedgerCheck check = trusted == null || !whole.intact() ? whole : ledger.verify(trusted);
    double at = delta != null ? delta : claim != null ? claim.delta() : DEFAULT_DELTA;
    Told told = new Told(file, ledger, claim, check, ledger.spend(at, Neighbouring.ADD_REMOVE),
        ledger.spend(at, Neighbouring.REPLACE));
    output.print(streams.out(), json(told), () -> text(told));
    return check.intact() ? 0 : Failures.FAILED;
  }

  /** All there is to tell. */
  private record Told(Path file, PrivacyLedger ledger, @Nullable LedgerClaim claim, LedgerCheck check,
      PrivacySpend addRemove, PrivacySpend replace) {
    /** Whether one record more or less exchanges what a group of records contributes, so that no other relation can be stated. */
    boolean groups() {
      return claim != null && claim.neighbouring() == Neighbouring.REPLACE && ledger.unit() == PrivacyUnit.RECORD;
    }
  }

  private static Path file(Path place) {
    if (Files.notExists(place)) {
      throw new PrivacyException("NO_LEDGER", "there is no file or directory " + place + "; check the path");
    }
    if (!Files.isDirectory(place)) {
      return place;
    }
    Path inBundle = place.resolve(IN_BUNDLE);
    if (Files.exists(inBundle)) {
      return inBundle;
    }
    throw new PrivacyException("NO_LEDGER", Files.exists(place.resolve("sfumato.json"))
        ? place + " has no " + IN_BUNDLE + ": it was trained without privacy; 'sfumato train --epsilon' trains with it"
        : place
            + " is not a bundle: it has no sfumato.json; give the directory that 'sfumato train' wrote, or a ledger file");
  }

  private static Map<String, Object> json(Told told) {
    LedgerCheck check = told.check;
    PrivacyLedger ledger = told.ledger;
    Map<String, Object> verification = new LinkedHashMap<>();
    verification.put("intact", check.intact());
    verification.put("signed", check.signed());
    verification.put("message", check.message());
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("ledger", told.file.toString());
    map.put("unit", ledger.unit().label());
    map.put("head", ledger.head());
    map.put("verification", verification);
    map.put("seeded", ledger.seeded());
    if (told.claim != null) {
      map.put("claim", told.claim.toMap());
    }
    map.put("delta", told.addRemove.delta());
    map.put("add_remove", told.groups() ? null : spend(told.addRemove));
    map.put("replace", spend(told.replace));
    map.put("entries", ledger.entries().stream().map(PrivacyLedgerCommand::entry).toList());
    return map;
  }

  private static Map<String, Object> spend(PrivacySpend spend) {
    Map<String, Object> map = PrivacyText.json(spend);
    map.put("without_sampling", Map.of("epsilon", spend.unamplifiedEpsilon()));
    return map;
  }

  private static Map<String, Object> entry(LedgerEntry entry) {
    Release release = entry.release();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("index", entry.index());
    map.put("time", entry.time().toString());
    map.put("released", release.what());
    map.put("sigma", release.phase().mechanism().sigma());
    map.put("q", release.phase().mechanism().samplingRate());
    map.put("steps", release.phase().steps());
    map.put("sensitivity", release.sensitivity());
    map.put("noise_deviation", release.noiseDeviation());
    map.put("noise", release.noise().label());
    map.put("weights", release.weightsSha256());
    map.put("hash", entry.hash());
    return map;
  }

  private static String text(Told told) {
    PrivacyLedger ledger = told.ledger;
    List<List<String>> rows = new ArrayList<>();
    for (LedgerEntry entry : ledger.entries()) {
      Release release = entry.release();
      if (release.seals()) {
        rows.add(
            List.of(String.valueOf(entry.index()), entry.time().toString(), "(the model's files, no release)", "", "",
                "", "", "", ""));
        continue;
      }
      rows.add(List.of(String.valueOf(entry.index()), entry.time().toString(), Text.cut(release.what(), 40),
          PrivacyText.figure(release.phase().mechanism().sigma()),
          PrivacyText.figure(release.phase().mechanism().samplingRate()), String.valueOf(release.phase().steps()),
          PrivacyText.figure(release.sensitivity()), PrivacyText.figure(release.noiseDeviation()),
          release.noise().label()));
    }
    String unit = ledger.unit().label();
    List<List<String>> facts = new ArrayList<>(
        List.of(List.of("ledger", told.file.toString()), List.of("protects", "each " + unit),
            List.of("head", ledger.head()),
            List.of("checked", (told.check.intact() ? "" : "BROKEN: ") + told.check.message())));
    if (told.claim != null) {
      facts.add(List.of("bundle claims", told.claim.toString()));
    }
    StringBuilder text = new StringBuilder(Text.facts(facts)).append('\n')
        .append(Text.table(List.of(" #", "when", "released", " sigma", " q", " steps", " D", " noise", "from"), rows));
    if (told.groups()) {
      text.append("\nOne interaction more or less, which exchanges what a group of interactions contributes:\n")
          .append(PrivacyText.spend(told.replace));
    } else {
      text.append("\nOne ").append(unit).append(" more or less:\n").append(PrivacyText.spend(told.addRemove));
      text.append("\nOne ").append(unit).append(" exchanged for another:\n").append(PrivacyText.spend(told.replace));
    }
    if (ledger.seeded()) {
      text.append("\nNO EPSILON HOLDS: some noise came from a seed, and whoever knows it takes the noise off again.\n");
    }
    return text.toString();
  }
}
