package io.sfumato.recommend.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.NoiseSource;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateBundleTest {
  @TempDir
  Path directory;

  private static PrivacyLedger ledger(String... releases) {
    PrivacyLedger ledger = PrivacyLedger.empty(PrivacyUnit.USER);
    for (String what : releases) {
      ledger = ledger.append(new Release(Phase.of(5, 1, 1), 1, what, "", NoiseSource.SECURE));
    }
    return ledger;
  }

  private static Provenance provenance() {
    return new Provenance("shop", "", "", "coin", 1, Map.of(), Map.of());
  }

  private Path write(PrivacyLedger ledger) throws IOException {
    Path target = directory.resolve("shop");
    try (BundleWriter writer = BundleWriter.create(target)) {
      Files.writeString(writer.file("model/weights.txt"), "1 2 3");
      Files.writeString(writer.file("people/histories.jsonl"), "{\"user\":\"ann\"}");
      writer.privacy(ledger, PrivacyClaim.of(ledger, PrivacyBudget.of(8, 1e-5), 50), Map.of("users", 1));
      writer.commit(provenance());
    }
    return target;
  }

  @Test
  void holdsItsClaimAndLedgerAndTellsOfPeopleInPeopleAlone() throws IOException {
    PrivacyLedger ledger = ledger("counts", "weights");
    Path target = write(ledger);
    Bundle bundle = Bundle.open(target);
    PrivacyClaim claim = Objects.requireNonNull(bundle.privacy());
    PrivacyLedger kept = Objects.requireNonNull(bundle.ledger());
    assertThat(claim).isEqualTo(PrivacyClaim.of(ledger, PrivacyBudget.of(8, 1e-5), 50).withHead(kept.head()));
    assertThat(claim.epsilon()).isBetween(1.0, 1.5); // one Gaussian of mu = √2/5: delta(1) = 2.3e-5, delta(1.5) = 6e-9
    assertThat(claim.holds()).isTrue();
    assertThat(kept.continues(ledger)).isTrue();
    assertThat(kept.entries()).hasSize(3).last().satisfies(entry -> assertThat(entry.release().seals()).isTrue());
    assertThat(bundle.peopleFacts()).containsEntry("users", 1);
    assertThat(bundle.files()).containsKeys("people/histories.jsonl", "model/weights.txt", "model/ledger.json");
    assertThat(Files.readString(target.resolve("sfumato.json"))).doesNotContain("people/", "users");
  }

  @Test
  void aChangeOfPeopleOrOfTheLedgerIsNoticed() throws IOException {
    Path target = write(ledger("counts"));
    Path histories = target.resolve("people/histories.jsonl");
    String before = Files.readString(histories);
    Files.writeString(histories, "{\"user\":\"bob\"}");
    assertCorrupt(target, "people/histories.jsonl");
    Files.writeString(histories, before);
    Bundle.open(target);
    Files.move(target.resolve("people/provenance.json"), directory.resolve("aside"));
    assertThatThrownBy(() -> Bundle.open(target)).hasMessageContaining("people/provenance.json is missing");
    Files.move(directory.resolve("aside"), target.resolve("people/provenance.json"));
    Files.delete(target.resolve("model/ledger.json"));
    ledger("other").save(target.resolve("model/ledger.json"));
    assertCorrupt(target, "model/ledger.json");
  }

  @Test
  void aLedgerThatIsNotTheManifestsIsRefused() throws IOException {
    Path target = directory.resolve("shop");
    write(ledger("counts"));
    Path file = target.resolve("model/ledger.json");
    PrivacyLedger longer = PrivacyLedger.load(file)
        .append(new Release(Phase.of(5, 1, 1), 1, "weights", "", NoiseSource.SECURE));
    longer.save(file);
    Manifest manifest = Manifest.read(target);
    manifest.files().put("model/ledger.json", BundleFiles.digest(file));
    manifest.write(target);
    assertCorrupt(target, "entries were lost or added");
  }

  @Test
  void whatWasReleasedCannotBeForgotten() throws IOException {
    PrivacyLedger ledger = ledger("counts");
    Path target = write(ledger);
    assertThatThrownBy(() -> write(ledger("counts"))).isInstanceOf(PrivacyException.class)
        .hasMessageContaining("does not continue its ledger"); // the same releases at another time are others
    try (BundleWriter writer = BundleWriter.create(target)) {
      assertThatThrownBy(() -> writer.commit(provenance())).isInstanceOf(PrivacyException.class)
          .hasMessageContaining("train with --epsilon");
    }
    PrivacyLedger longer = Objects.requireNonNull(Bundle.open(target).ledger())
        .append(new Release(Phase.of(5, 1, 1), 1, "more", "", NoiseSource.SEEDED));
    write(longer);
    PrivacyClaim claim = Objects.requireNonNull(Bundle.open(target).privacy());
    assertThat(claim.holds()).isFalse();
    assertThat(claim.sentence()).contains("nobody is protected");
  }

  private static void assertCorrupt(Path bundle, String what) {
    assertThatThrownBy(() -> Bundle.open(bundle)).isInstanceOf(BundleException.class)
        .hasMessageContaining(what)
        .extracting(e -> ((BundleException) e).code())
        .isEqualTo("CORRUPT");
  }
}
