package io.sfumato.recommend.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.NoiseSource;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.Forger;
import io.sfumato.recommend.bundle.UpdateLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing, exporting and forgetting, on bundles that were not trained. */
class HygieneTest {
  @TempDir
  private Path directory;

  private Path bundle;

  @BeforeEach
  void made() throws IOException {
    bundle = MadeBundle.write(directory.resolve("shop"));
  }

  @Test
  void anExportHasNobodyInItAndVerifies() throws Exception {
    try (UpdateLog log = UpdateLog.open(bundle.resolve("people/feedback.log"), record -> {})) {
      log.append(UpdateLog.record("{\"user\":\"ann\",\"item\":\"i1\",\"time\":1}"));
    }
    Map<String, String> before = contents(bundle);
    Path out = directory.resolve("out");
    assertThat(BundleExport.release(bundle, out, false, null)).as("no signature to lose").isFalse();
    assertThat(contents(bundle)).as("the bundle itself").isEqualTo(before);
    assertThat(contents(out).keySet()).noneMatch(name -> name.startsWith("people"));
    assertThat(Files.readString(out.resolve("sfumato.json"))).doesNotContain("ann", "people/");
    Bundle opened = Bundle.open(out);
    assertThat(opened.exported()).isTrue();
    assertThat(opened.peopleFacts()).isEmpty();
    assertThat(opened.privacy()).isEqualTo(Bundle.open(bundle).privacy());
    assertThat(BundleChecks.of(out, null)).extracting(Finding::severity).doesNotContain(Severity.RED);
    KeyPair keys = keys();
    BundleSigning.sign(out, keys);
    assertThat(BundleChecks.of(out, keys.getPublic())).extracting(Finding::code).contains("SIGNED");
    Files.writeString(out.resolve("people.txt"), "ann");
    assertThat(BundleChecks.of(out, keys.getPublic())).extracting(Finding::code).contains("FILES_CHANGED");
  }

  @Test
  void anExportIsRefusedWhereTheClaimDoesNotHold() throws Exception {
    Path out = directory.resolve("out");
    Path seeded = MadeBundle.write(directory.resolve("seeded"), NoiseSource.SEEDED,
        MadeBundle.poisson(MadeBundle.RATE));
    assertThatThrownBy(() -> BundleExport.release(seeded, out, true, null)).isInstanceOf(PrivacyException.class)
        .hasMessageContaining("came from a seed");
    Files.writeString(bundle.resolve("model/more"), "x");
    assertThatThrownBy(() -> BundleExport.release(bundle, out, false, null)).isInstanceOf(PrivacyException.class)
        .hasMessageContaining("model/more");
    assertThatThrownBy(() -> BundleSigning.sign(bundle, keys())).isInstanceOf(PrivacyException.class);
    Files.delete(bundle.resolve("model/more"));
    assertThat(out).doesNotExist();
    Files.createDirectories(out);
    Files.writeString(out.resolve("mine"), "x");
    assertThatThrownBy(() -> BundleExport.release(bundle, out, false, null)).isInstanceOf(BundleException.class)
        .hasMessageContaining("not empty");
    Path plain = MadeBundle.write(directory.resolve("plain"));
    for (String name : new String[]{"model/ledger.json", "people/provenance.json"}) {
      Files.delete(plain.resolve(name));
    }
    new Forger(plain).reseal(claim -> null, UnaryOperator.identity());
    Path other = directory.resolve("other");
    assertThatThrownBy(() -> BundleExport.release(plain, other, false, null)).isInstanceOf(PrivacyException.class)
        .hasMessageContaining("--force-non-private");
    assertThat(other).doesNotExist();
  }

  @Test
  void aSignatureDoesNotComeAlongUnlessItIsMadeAnew() throws Exception {
    KeyPair keys = keys();
    BundleSigning.sign(bundle, keys);
    assertThat(BundleExport.release(bundle, directory.resolve("a"), false, null)).isTrue();
    assertThat(BundleChecks.of(directory.resolve("a"), keys.getPublic())).extracting(Finding::code)
        .contains("NOT_SIGNED");
    assertThat(BundleExport.release(bundle, directory.resolve("b"), false, keys)).isFalse();
    assertThat(BundleChecks.of(directory.resolve("b"), keys.getPublic())).extracting(Finding::code)
        .contains("SIGNED");
  }

  @Test
  void aPersonIsForgottenWhollyAndNobodyElse() throws Exception {
    KeyPair keys = keys();
    Files.writeString(bundle.resolve("people/histories.jsonl"), """
      {"user":"ann","items":[1,2],"parts":"tt"}
      {"user":"bob","items":[1],"parts":"t"}
      {"user":"anna","items":[3],"parts":"t"}
      """);
    new Forger(bundle).reseal();
    BundleSigning.sign(bundle, keys);
    Path log = bundle.resolve("people/feedback.log");
    try (UpdateLog open = UpdateLog.open(log, record -> {})) {
      for (String user : new String[]{"ann", "bob", "ann"}) {
        open.append(UpdateLog.record("{\"user\":\"%s\",\"item\":\"i1\",\"time\":1}".formatted(user)));
      }
    }
    Forgetting done = Forgetting.of(bundle, "ann");
    assertThat(done.interactions()).isEqualTo(2);
    assertThat(done.feedback()).isEqualTo(2);
    assertThat(done.signatureLost()).isFalse();
    assertThat(String.join(" ", done.told())).contains("need not be trained again", "claim");
    assertThat(Files.readString(bundle.resolve("people/histories.jsonl"))).doesNotContain("\"ann\"")
        .contains("\"anna\"", "\"bob\"");
    List<String> left = new ArrayList<>();
    UpdateLog.open(log, record -> left.add(new String(record, StandardCharsets.UTF_8))).close();
    assertThat(left).singleElement().asString().contains("bob");
    assertThat(contents(bundle).values()).noneMatch(text -> text.contains("\"ann\""));
    assertThat(BundleChecks.of(bundle, keys.getPublic())).extracting(Finding::severity).doesNotContain(Severity.RED);
    Bundle.open(bundle);
    Map<String, String> after = contents(bundle);
    assertThatThrownBy(() -> Forgetting.of(bundle, "ann")).isInstanceOf(RecommendException.class)
        .hasMessageContaining("may be forgotten already");
    assertThat(contents(bundle)).isEqualTo(after);
    try (Stream<Path> beside = Files.list(directory)) {
      assertThat(beside).containsExactly(bundle);
    }
  }

  @Test
  void whoeverHasFeedbackAloneIsForgottenToo() {
    Path log = bundle.resolve("people/feedback.log");
    try (UpdateLog open = UpdateLog.open(log, record -> {})) {
      open.append(UpdateLog.record("{\"user\":\"new\",\"item\":\"i1\",\"time\":1}"));
      assertThatThrownBy(() -> Forgetting.of(bundle, "new")).as("while somebody writes")
          .isInstanceOf(BundleException.class)
          .hasMessageContaining("close it");
    }
    Forgetting done = Forgetting.of(bundle, "new");
    assertThat(done.interactions()).isZero();
    assertThat(done.feedback()).isEqualTo(1);
  }

  private static KeyPair keys() throws Exception {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  /** What every file says; those that are there to be locked say nothing. */
  private static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".lock")).toList()) {
        contents.put(root.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }
}
