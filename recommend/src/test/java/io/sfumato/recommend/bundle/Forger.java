package io.sfumato.recommend.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What somebody can do to a bundle who has read all of this source, but has no key. */
public final class Forger {
  private final Path bundle;

  public Forger(Path bundle) {
    this.bundle = bundle;
  }

  /** Writes hashes of all files as they are now, and a seal that fits; keeps a signature that was there, which then does not. */
  public void reseal() throws IOException {
    reseal(UnaryOperator.identity(), UnaryOperator.identity());
  }

  public void reseal(UnaryOperator<@Nullable PrivacyClaim> claim, UnaryOperator<Map<String, Object>> configuration)
      throws IOException {
    write(claim, configuration, null);
  }

  /** A manifest with a seal that fits what it says; as it is where it is no JSON that could have one. */
  public static String sealed(String manifest) {
    ObjectMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    try {
      if (json.readTree(manifest) instanceof ObjectNode root) {
        root.remove("seal");
        root.put("seal", BundleFiles.sha256(json.writeValueAsString(root).getBytes(StandardCharsets.UTF_8)));
        return json.writeValueAsString(root);
      }
      return manifest;
    } catch (JsonProcessingException e) {
      return manifest;
    }
  }

  /** Signs with a key of the forger's own. */
  public void sign(KeyPair own) throws IOException {
    write(UnaryOperator.identity(), UnaryOperator.identity(), own);
  }

  private void write(UnaryOperator<@Nullable PrivacyClaim> claim, UnaryOperator<Map<String, Object>> configuration,
      @Nullable KeyPair own) throws IOException {
    Manifest old = Manifest.readUnsealed(bundle).manifest();
    boolean hidden = Files.exists(bundle.resolve(PeopleFacts.NAME));
    SortedMap<String, BundleFiles.Digest> files = new TreeMap<>();
    SortedMap<String, BundleFiles.Digest> people = new TreeMap<>();
    for (Map.Entry<String, Path> file : BundleFiles.list(bundle).entrySet()) {
      String name = file.getKey();
      if (!name.equals(Manifest.NAME) && !name.equals(PeopleFacts.NAME)) {
        (hidden && name.startsWith("people/") ? people : files).put(name, BundleFiles.digest(file.getValue()));
      }
    }
    if (hidden) {
      new PeopleFacts(people, PeopleFacts.read(bundle).facts()).write(bundle);
    }
    Provenance from = old.provenance();
    new Manifest(old.created(),
        new Provenance(from.dataName(), from.dataHash(), from.dataLocation(), from.split(), from.seed(),
            configuration.apply(new HashMap<>(from.configuration())), from.results()),
        old.environment(), claim.apply(old.privacy()), files, old.exported()).write(bundle, own);
  }

  /** Other facts of people. */
  public void facts(UnaryOperator<Map<String, Object>> change) throws IOException {
    PeopleFacts old = PeopleFacts.read(bundle);
    new PeopleFacts(old.files(), change.apply(new HashMap<>(old.facts()))).write(bundle);
  }

  /** Computes the whole chain anew over other releases, ends it with the files of the model as they are now, and claims what it then adds up to. */
  public void rechain(UnaryOperator<List<Release>> change) throws IOException {
    Path file = bundle.resolve(Bundle.LEDGER);
    PrivacyLedger old = PrivacyLedger.loadUnverified(file);
    List<Release> releases = change.apply(old.entries().stream().map(entry -> entry.release()).toList());
    PrivacyLedger ledger = PrivacyLedger.empty(PrivacyUnit.USER);
    for (Release release : releases) {
      if (!release.seals()) {
        ledger = ledger.append(release);
      }
    }
    SortedMap<String, BundleFiles.Digest> digests = new TreeMap<>();
    for (Map.Entry<String, Path> each : BundleFiles.list(bundle).entrySet()) {
      digests.put(each.getKey(), BundleFiles.digest(each.getValue()));
    }
    PrivacyLedger sealed = ledger.append(Release.seal(BundleFiles.modelHash(digests)));
    Files.delete(file);
    sealed.save(file);
    reseal(claim -> claim == null ? null
        : PrivacyClaim.of(sealed, new PrivacyBudget(claim.budget(), claim.delta(), claim.neighbouring()),
            claim.maxPerUser()),
        UnaryOperator.identity());
  }
}
