package io.sfumato.recommend.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.privacy.accounting.LedgerSignature;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.NoiseSource;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.recommend.bundle.BundleEditor;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.Forger;
import io.sfumato.recommend.bundle.PrivacyClaim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Alterations that must not slip through: by hand, by one who seals the manifest anew, and by one who computes the whole chain anew. */
class BundleChecksTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir
  private Path directory;

  private Path bundle;
  private Forger forger;

  @BeforeEach
  void made() throws IOException {
    bundle = MadeBundle.write(directory.resolve("shop"));
    forger = new Forger(bundle);
  }

  @Test
  void nothingIsRedOfAnHonestBundle() {
    List<Finding> findings = BundleChecks.of(bundle, null);
    assertThat(findings).filteredOn(finding -> finding.severity() != Severity.GREEN)
        .extracting(Finding::code)
        .containsExactly("UNSIGNED");
    assertThat(findings).extracting(Finding::what).contains("unsigned: detects accidents, not adversaries");
    assertThat(findings).extracting(Finding::code)
        .contains("FILES_WHOLE", "LEDGER_WHOLE", "CLAIM_ADDS_UP", "NOISE_SECURE", "RELEASES_MATCH", "SAMPLER_MATCHES",
            "LAYERS_KNOWN");
  }

  // The four alterations of the bar.

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPhaseRemoved(boolean resealed) throws IOException {
    for (int entry = 0; entry < 4; entry++) {
      Path other = MadeBundle.write(directory.resolve("shop" + entry));
      int index = entry;
      ledger(other, root -> ((ArrayNode) root.get("entries")).remove(index));
      if (resealed) {
        new Forger(other).reseal();
      }
      assertThat(red(other, null)).as("entry %d", entry).contains("LEDGER_BROKEN");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sigmaChanged(boolean resealed) throws IOException {
    ledger(bundle, root -> ((ObjectNode) root.at("/entries/2")).put("sigma", 9.5));
    if (resealed) {
      forger.reseal();
    }
    assertThat(red(bundle, null)).contains("LEDGER_BROKEN");
  }

  static Stream<String> weights() {
    return Stream.of("model/multimodal/fusion.safetensors", "model/vectors.safetensors",
        "model/profile.safetensors", "model/models/ease.safetensors", "model/models/popular.safetensors");
  }

  @ParameterizedTest
  @MethodSource("weights")
  void weightsReplaced(String name) throws IOException {
    flip(name);
    assertThat(red(bundle, null)).contains("FILES_CHANGED", "WEIGHTS_REPLACED");
    forger.reseal();
    assertThat(red(bundle, null)).containsOnly("WEIGHTS_REPLACED");
  }

  @Test
  void theLastPhaseCutAndTheChainComputedAnew() throws Exception {
    KeyPair keys = keys();
    sign(keys);
    assertThat(red(bundle, keys.getPublic())).isEmpty();
    forger.rechain(releases -> releases.subList(0, 2));
    assertThat(red(bundle, keys.getPublic())).contains("NOT_SIGNED");
    assertThat(red(bundle, null)).as("what is served was not charged")
        .contains("WEIGHTS_UNCHARGED",
            "RELEASE_UNCHARGED");
  }

  // What a forger tries next.

  @Test
  void aConsistentLieTakesAKey() throws Exception {
    KeyPair keys = keys();
    KeyPair own = keys();
    sign(keys);
    forger.rechain(releases -> releases.stream()
        .map(release -> new Release(new Phase(release.phase().mechanism().withSigma(50), release.phase().steps()),
            release.sensitivity(), release.what(), release.weightsSha256(), release.noise()))
        .toList());
    assertThat(red(bundle, null)).as("nothing tells it from a model that was trained so").isEmpty();
    assertThat(codes(bundle, null)).contains("UNSIGNED");
    assertThat(red(bundle, keys.getPublic())).contains("NOT_SIGNED");
    forger.sign(own);
    assertThat(codes(bundle, null)).contains("SIGNER_UNKNOWN").doesNotContain("SIGNED");
    assertThat(red(bundle, keys.getPublic())).contains("SIGNED_BY_ANOTHER");
  }

  @Test
  void aSignatureIsOfOneBundleAlone() throws Exception {
    KeyPair keys = keys();
    Path other = MadeBundle.write(directory.resolve("other"));
    sign(keys);
    String signature = JSON.readTree(bundle.resolve("sfumato.json").toFile()).get("signature").toString();
    ObjectNode root = (ObjectNode) JSON.readTree(other.resolve("sfumato.json").toFile());
    root.set("signature", JSON.readTree(signature));
    JSON.writeValue(other.resolve("sfumato.json").toFile(), root);
    assertThat(red(other, keys.getPublic())).contains("SIGNATURE_BROKEN");
    assertThat(red(other, null)).contains("SIGNATURE_BROKEN");
    root.set("signature", JSON.createObjectNode().put("public_key", "%%%").put("value", "x"));
    JSON.writeValue(other.resolve("sfumato.json").toFile(), root);
    assertThat(red(other, null)).contains("SIGNATURE_BROKEN");
    Files.copy(bundle.resolve("sfumato.json"), other.resolve("sfumato.json"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(red(other, keys.getPublic())).as("the manifest of another").contains("FILES_CHANGED");
  }

  @Test
  void theLedgersOwnSignatureIsNoneOfTheBundle() throws Exception {
    KeyPair keys = keys();
    LedgerSignature made = LedgerSignature.of("bundle", "abc", keys);
    assertThat(made.signs("bundle", "abc")).isTrue();
    assertThat(made.signs("privacy ledger", "abc")).isFalse();
  }

  @Test
  void theClaimIsHeldAgainstTheLedger() throws IOException {
    claim(c -> new PrivacyClaim(c.epsilon() / 2, c.budget(), c.delta(), c.unit(), c.neighbouring(), c.maxPerUser(),
        c.noise(), c.ledgerHead()), "CLAIM_BELOW_LEDGER");
    claim(c -> new PrivacyClaim(c.epsilon(), c.budget(), c.delta() / 1000, c.unit(), c.neighbouring(), c.maxPerUser(),
        c.noise(), c.ledgerHead()), "CLAIM_BELOW_LEDGER");
    claim(c -> new PrivacyClaim(Double.NaN, c.budget(), c.delta(), c.unit(), c.neighbouring(), c.maxPerUser(),
        c.noise(), c.ledgerHead()), "CLAIM_BELOW_LEDGER");
    claim(c -> new PrivacyClaim(c.epsilon(), c.epsilon() / 2, c.delta(), c.unit(), c.neighbouring(), c.maxPerUser(),
        c.noise(), c.ledgerHead()), "CLAIM_OVER_BUDGET");
    claim(c -> new PrivacyClaim(c.epsilon(), c.budget(), 0, c.unit(), c.neighbouring(), c.maxPerUser(), c.noise(),
        c.ledgerHead()), "CLAIM_DELTA");
    claim(c -> new PrivacyClaim(c.epsilon(), c.budget(), c.delta(), PrivacyUnit.RECORD, Neighbouring.ADD_REMOVE,
        c.maxPerUser(), c.noise(), c.ledgerHead()), "CLAIM_UNIT", "CLAIM_RELATION");
    claim(c -> new PrivacyClaim(c.epsilon(), c.budget(), c.delta(), c.unit(), Neighbouring.REPLACE, c.maxPerUser(),
        c.noise(), c.ledgerHead()), "CLAIM_BELOW_LEDGER");
    claim(c -> new PrivacyClaim(c.epsilon(), c.budget(), c.delta(), c.unit(), c.neighbouring(), 4, c.noise(),
        c.ledgerHead()), "CLAIM_BOUND");
    claim(c -> new PrivacyClaim(c.epsilon(), c.budget(), c.delta(), c.unit(), c.neighbouring(), c.maxPerUser(),
        c.noise(), "0".repeat(64)), "LEDGER_BROKEN");
    forger.reseal(c -> null, UnaryOperator.identity());
    assertThat(red(bundle, null)).contains("CLAIM_MISSING");
  }

  private void claim(UnaryOperator<PrivacyClaim> change, String... codes) throws IOException {
    Path other = MadeBundle.write(directory.resolve("other" + System.nanoTime()));
    new Forger(other).reseal(c -> c == null ? null : change.apply(c), UnaryOperator.identity());
    assertThat(red(other, null)).contains(codes);
  }

  @Test
  void whatCostsNothingReleasesNothing() throws IOException {
    forger.rechain(releases -> changed(releases, 2,
        release -> new Release(new Phase(release.phase().mechanism(), 0), release.sensitivity(), release.what(),
            release.weightsSha256(), release.noise())));
    assertThat(red(bundle, null)).contains("RELEASE_UNCHARGED");
    Path other = MadeBundle.write(directory.resolve("other"));
    new Forger(other).rechain(releases -> changed(releases, 2, release -> Release.seal(release.weightsSha256())));
    assertThat(red(other, null)).as("called a commitment to files")
        .contains("RELEASE_UNCHARGED",
            "WEIGHTS_UNCHARGED");
  }

  @Test
  void aSensitivityThatIsTooSmall() throws IOException {
    forger.rechain(releases -> changed(releases, 0,
        release -> new Release(release.phase(), 1, release.what(), release.weightsSha256(), release.noise())));
    assertThat(red(bundle, null)).contains("SENSITIVITY_TOO_SMALL");
  }

  @Test
  void whatIsReleasedIsKept() throws IOException {
    Path folder = bundle.resolve("model/released");
    List<Path> kept;
    try (Stream<Path> files = Files.list(folder)) {
      kept = files.sorted().toList();
    }
    assertThat(kept).hasSize(3);
    Files.copy(kept.get(0), kept.get(1), StandardCopyOption.REPLACE_EXISTING);
    forger.reseal();
    assertThat(red(bundle, null)).contains("WEIGHTS_REPLACED");
    Files.writeString(kept.get(1), "no tensors");
    forger.reseal();
    assertThat(red(bundle, null)).contains("WEIGHTS_REPLACED");
    Files.delete(kept.get(1));
    forger.reseal();
    assertThat(red(bundle, null)).contains("RELEASE_NOT_KEPT");
    forger.rechain(releases -> releases.stream()
        .map(release -> release.withWeights(""))
        .toList());
    assertThat(red(bundle, null)).contains("RELEASE_NOT_KEPT", "RELEASE_UNCHARGED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model/multimodal/fusion.safetensors", "model/profile.safetensors",
    "model/models/popular.safetensors"})
  void weightsThatWereNotReleasedLast(String name) throws IOException {
    Path file = bundle.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 2] ^= 1; // the last value, by about half of itself
    Files.write(file, bytes);
    forger.rechain(UnaryOperator.identity());
    assertThat(red(bundle, null)).as("chain and all computed anew, but the release is the old one")
        .containsOnly("WEIGHTS_REPLACED");
  }

  @Test
  void seededNoiseIsRed() throws IOException {
    Path seeded = MadeBundle.write(directory.resolve("seeded"), NoiseSource.SEEDED,
        MadeBundle.poisson(MadeBundle.RATE));
    assertThat(red(seeded, null)).containsOnly("NOISE_SEEDED");
    new Forger(seeded).reseal(c -> c == null ? null
        : new PrivacyClaim(c.epsilon(), c.budget(), c.delta(), c.unit(), c.neighbouring(), c.maxPerUser(), "secure",
            c.ledgerHead()),
        UnaryOperator.identity());
    assertThat(red(seeded, null)).as("though the claim says otherwise").containsOnly("NOISE_SEEDED");
  }

  @Test
  void samplingThatIsNotTheAccountants() throws IOException {
    forger.reseal(UnaryOperator.identity(), c -> Map.of("privacy", Map.of("sampling-rate", 0.5, "steps", 60)));
    assertThat(red(bundle, null)).containsOnly("SAMPLER_DIFFERS");
    assertThat(red(batches(Map.of("50", 60L)), null)).as("batches of one size").containsOnly("SAMPLER_DIFFERS");
    assertThat(red(batches(MadeBundle.poisson(0.2)), null)).as("more than the rate gives")
        .containsOnly("SAMPLER_DIFFERS");
    assertThat(red(batches(Map.of("0", 30L, "100", 30L)), null)).as("all or nobody").containsOnly("SAMPLER_DIFFERS");
    assertThat(red(batches(Map.of("50", 3L)), null)).as("other steps").containsOnly("SAMPLER_DIFFERS");
    assertThat(red(batches(Map.of("-1", 60L)), null)).containsOnly("SAMPLER_DIFFERS");
    assertThat(red(batches(Map.of("many", 60L)), null)).containsOnly("SAMPLER_DIFFERS");
  }

  private Path batches(Map<String, Long> sizes) throws IOException {
    return MadeBundle.write(directory.resolve("batches" + System.nanoTime()), NoiseSource.SECURE, sizes);
  }

  @Test
  void factsOfPeopleAreLookedAt() throws IOException {
    forger.facts(facts -> Map.of("users", 10_000_000, "steps", Map.of()));
    assertThat(codes(bundle, null)).contains("DELTA_LARGE", "BATCHES_UNKNOWN");
    assertThat(red(bundle, null)).isEmpty();
    forger.facts(facts -> Map.of("users", 1000, "steps", Map.of("sampler", "shuffled", "steps", 60, "validator", "x",
        "layers_without_rule", List.of("conv"), "batch_sizes", MadeBundle.poisson(MadeBundle.RATE))));
    assertThat(red(bundle, null)).contains("SAMPLER_DIFFERS", "LAYER_WITHOUT_RULE");
    Files.delete(bundle.resolve("people/provenance.json"));
    assertThat(red(bundle, null)).contains("FILES_CHANGED");
  }

  @Test
  void filesThatDoNotBelong() throws IOException {
    Files.writeString(bundle.resolve("model/more.txt"), "x");
    assertThat(red(bundle, null)).contains("FILES_CHANGED", "WEIGHTS_REPLACED");
    forger.reseal();
    assertThat(red(bundle, null)).containsOnly("WEIGHTS_REPLACED");
    Files.delete(bundle.resolve("model/ledger.json"));
    assertThat(red(bundle, null)).contains("LEDGER_MISSING");
    Files.writeString(bundle.resolve("model/ledger.json"), "[");
    forger.reseal();
    assertThat(red(bundle, null)).contains("LEDGER_UNREADABLE");
  }

  @Test
  void aManifestThatWasChanged() throws IOException {
    Path manifest = bundle.resolve("sfumato.json");
    Files.writeString(manifest, Files.readString(manifest).replace("\"shop\"", "\"shoq\""));
    assertThat(red(bundle, null)).containsOnly("MANIFEST_CHANGED");
    Files.writeString(manifest, "{");
    assertThatThrownBy(() -> BundleChecks.of(bundle, null)).isInstanceOf(BundleException.class);
    assertThatThrownBy(() -> BundleChecks.of(directory.resolve("nowhere"), null)).isInstanceOf(BundleException.class)
        .hasMessageContaining("there is no bundle");
  }

  @Test
  void aLedgerThatCannotBeAccountedEndsInAFinding() throws IOException {
    Path file = bundle.resolve("model/ledger.json");
    Files.writeString(file, Files.readString(file)
        .replace("\"sigma\" : 1.1", "\"sigma\" : 0.001")
        .replace("\"steps\" : 60", "\"steps\" : 1000000"));
    assertThat(red(bundle, null)).contains("LEDGER_BROKEN", "CLAIM_BELOW_LEDGER");
  }

  @Test
  void aLedgerOfAbsurdNumbersEndsInAFinding() throws IOException {
    forger.rechain(releases -> changed(releases, 2,
        release -> new Release(Phase.of(1e-300, 1e-300, Long.MAX_VALUE), release.sensitivity(), release.what(),
            release.weightsSha256(), release.noise())));
    assertThat(red(bundle, null)).contains("CLAIM_BELOW_LEDGER");
  }

  private static List<Release> changed(List<Release> releases, int index, UnaryOperator<Release> change) {
    List<Release> all = new ArrayList<>(releases);
    all.set(index, change.apply(all.get(index)));
    return all;
  }

  private void flip(String name) throws IOException {
    Path file = bundle.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
  }

  private void sign(KeyPair keys) {
    try (BundleEditor editor = BundleEditor.of(bundle)) {
      editor.commit(keys);
    }
  }

  private static KeyPair keys() throws NoSuchAlgorithmException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private interface Edit {
    void of(ObjectNode root);
  }

  private static void ledger(Path of, Edit edit) throws IOException {
    Path file = of.resolve("model/ledger.json");
    ObjectNode root = (ObjectNode) JSON.readTree(file.toFile());
    edit.of(root);
    JSON.writeValue(file.toFile(), root);
  }

  private static List<String> red(Path of, @Nullable PublicKey trusted) {
    return BundleChecks.of(of, trusted)
        .stream()
        .filter(finding -> finding.severity() == Severity.RED)
        .map(Finding::code)
        .toList();
  }

  private static List<String> codes(Path of, @Nullable PublicKey trusted) {
    return BundleChecks.of(of, trusted).stream().map(Finding::code).toList();
  }
}
