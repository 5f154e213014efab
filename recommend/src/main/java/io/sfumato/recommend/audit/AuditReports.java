package io.sfumato.recommend.audit;

import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.audit.AuditEvidence;
import io.sfumato.privacy.audit.AuditProvenance;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.AuditSubject;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.PrivacyAudit;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.privacy.audit.UtilityFacts;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.PrivacyClaim;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.training.AuditPlan;
import io.sfumato.recommend.training.AuditSecret;
import io.sfumato.recommend.training.CanaryTranscript;
import io.sfumato.recommend.training.DataHash;
import io.sfumato.recommend.training.PlantedData;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Audits a bundle: checks it, attacks it as far as its data and its secret are at hand, and puts together all seven parts of the report.
 *
 * <p>Without data and secret the report has the claim, how it is kept and what was spent, and says how evidence is to be had. With the secret alone canaries are looked for in what the training released.
 * With the data, those of the training, the finished model is attacked too, and its twins.
 */
public final class AuditReports {
  private final Path directory;
  private final AuditOptions options;
  private final Progress progress;
  private final Consumer<String> sayings;

  /**
   * @param directory of the bundle
   * @param progress of what is trained
   * @param sayings told, while the audit runs, what has to be said before it is known how it ends
   */
  public AuditReports(Path directory, AuditOptions options, Progress progress, Consumer<String> sayings) {
    this.directory = directory;
    this.options = options;
    this.progress = progress;
    this.sayings = sayings;
  }

  /** What the auditor has of a bundle. */
  private record Case(Bundle bundle, SfumatoConfig config, @Nullable PlantedData data, @Nullable AuditSecret secret) {
    @Nullable
    CanaryTranscript transcript() {
      return secret == null ? null : secret.transcript();
    }
  }

  /**
   * Audits.
   *
   * @param data reads the data that the bundle was trained on and splits them as its configuration says; null where they are not at hand
   * @param secret that was written with the bundle; null for none
   * @throws RecommendException {@code OTHER_DATA} where the data are not those of the training, {@code BAD_SECRET} where the secret is of another training
   */
  public AuditReport run(@Nullable Function<SfumatoConfig, Split> data, @Nullable Path secret) {
    List<Finding> checks = new ArrayList<>(checks());
    Bundle bundle;
    try {
      bundle = Bundle.open(directory);
    } catch (BundleException e) {
      if (e.code().equals("NOT_A_BUNDLE")) {
        throw e;
      }
      return unopened(checks, String.valueOf(e.getMessage()));
    } catch (PrivacyException e) {
      return unopened(checks, String.valueOf(e.getMessage()));
    }
    Case at = opened(bundle, data, secret);
    Map<Integer, Double> measured = new HashMap<>();
    List<Finding> findings = new ArrayList<>(checks);
    if (at.data != null) {
      NoiseCheck noise = NoiseCheck.popularity(at.data.training(), at.config, bundle);
      findings.addAll(noise.findings());
      noise.measured().forEach(one -> measured.put(one.entry(), one.found()));
    }
    CanaryTranscript transcript = at.transcript();
    if (transcript != null && at.secret != null) {
      findings.addAll(CanaryNoise.of(transcript, at.secret.canaries()));
    }
    AuditEvidence evidence = evidence(at);
    findings.addAll(evidence.findings());
    return report(at, evidence.evidence(), measured, findings);
  }

  private List<Finding> checks() {
    return BundleChecks.of(directory, options.trusted());
  }

  private Case opened(Bundle bundle, @Nullable Function<SfumatoConfig, Split> data, @Nullable Path secret) {
    SfumatoConfig config = ConfigReader.reference()
        .map(bundle.provenance().configuration(), directory + "/sfumato.json")
        .read();
    AuditSecret known = secret == null ? null : AuditSecret.read(secret, bundle.catalog());
    PrivacyLedger ledger = bundle.ledger();
    String trained = ledger == null ? bundle.created() : ledger.head();
    if (known != null && !known.trained().equals(trained)) {
      throw new RecommendException("BAD_SECRET",
          "%s is of another training than %s; give the file that 'train --secret' wrote with this bundle"
              .formatted(secret, directory));
    }
    if (data == null) {
      return new Case(bundle, config, null, known);
    }
    Split split = data.apply(config);
    requireSame(bundle, split);
    AuditPlan plan = known == null ? new AuditPlan(0, 0, options.seed()) : known.plan();
    PlantedData planted = PlantedData.plant(split, plan, RecommenderSubject.unit(config));
    if (known != null) {
      requireSame(known, planted, String.valueOf(secret));
    }
    return new Case(bundle, config, planted, known);
  }

  private void requireSame(Bundle bundle, Split split) {
    String expected = dataHash(bundle);
    String found = DataHash.of(split);
    if (!expected.isEmpty() && !expected.equals(found)) {
      throw new RecommendException("OTHER_DATA",
          "these are not the data that %s was trained on: their hash is %s…, the bundle's %s…; give the folder that it was trained from, unchanged"
              .formatted(directory, found.substring(0, 12), expected.substring(0, Math.min(12, expected.length()))));
    }
  }

  private static void requireSame(AuditSecret secret, PlantedData planted, String file) {
    boolean same = secret.heldOut().equals(planted.heldOut())
        && secret.canaries().size() == planted.canaries().size();
    for (int i = 0; same && i < secret.canaries().size(); i++) {
      same = secret.canaries().get(i).id().equals(planted.canaries().get(i).id())
          && secret.canaries().get(i).in() == planted.canaries().get(i).in()
          && java.util.Arrays.equals(secret.canaries().get(i).items(), planted.canaries().get(i).items());
    }
    if (!same) {
      throw new RecommendException("BAD_SECRET",
          "%s tells of other people or canaries than its own seed gives on these data: it was changed; restore it from a copy"
              .formatted(file));
    }
  }

  /** Hash of the data that a bundle was trained on; "" where it is not known, as of a bundle without {@code people/}. */
  private static String dataHash(Bundle bundle) {
    return bundle.privacy() == null ? bundle.provenance().dataHash()
        : bundle.peopleFacts().get("data_sha256") instanceof String hash ? hash : "";
  }

  private AuditEvidence evidence(Case at) {
    PrivacyLedger ledger = at.bundle.ledger();
    PrivacyClaim claim = at.bundle.privacy();
    PrivacyAudit.Builder audit = PrivacyAudit.builder()
        .confidence(options.confidence())
        .shadows(options.shadows())
        .selfTest(options.selfTest() && at.data != null)
        .runs(at.data == null ? 1 : options.runs())
        .seed(options.seed())
        .delta(at.config.privacy().delta())
        .listener(new AuditProgress(progress, sayings))
        .claim(ledger == null || claim == null ? null : ClaimParts.claim(ledger, claim));
    try (AuditSubject subject = subject(at)) {
      AuditEvidence found = audit.build().run(subject);
      progress.finish();
      List<String> missing = new ArrayList<>(found.evidence().missing());
      if (at.data == null) {
        missing.add(
            "The data were not at hand, so that neither the finished model nor a twin was attacked: audit with --data, the folder that the model was trained from.");
      }
      if (subject instanceof RecommenderSubject recommender && !recommender.recordsMissing().isEmpty()) {
        missing.add("Single interactions were not attacked: " + recommender.recordsMissing() + ".");
      }
      Evidence all = found.evidence();
      return new AuditEvidence(
          new Evidence(all.canaries(), all.memberships(), all.allowed(), all.allowedAuc(), missing), found.findings());
    }
  }

  private AuditSubject subject(Case at) {
    return at.data == null ? new SecretSubject(at.secret)
        : RecommenderSubject.of(at.bundle, at.config, at.data, at.transcript(), progress);
  }

  private AuditReport report(Case at, Evidence evidence, Map<Integer, Double> measured, List<Finding> findings) {
    Bundle bundle = at.bundle;
    PrivacyLedger ledger = bundle.ledger();
    PrivacyClaim claim = bundle.privacy();
    UtilityFacts utility = utility(at);
    AuditProvenance provenance = new AuditProvenance(name(), bundle.created(), now(), bundle.environment(),
        bundle.provenance().configuration(), dataHash(bundle), deviations(at));
    if (ledger == null || claim == null) {
      return new AuditReport(null, null, null, DataTouches.of(bundle, at.config), utility, evidence, provenance,
          findings);
    }
    Map<String, Object> people = bundle.peopleFacts();
    CanaryTranscript transcript = at.transcript();
    Map<Integer, Double> found = new HashMap<>();
    if (transcript != null && at.secret != null) {
      found.putAll(MechanismParts.measured(ledger, transcript, at.secret.canaries()));
    }
    found.putAll(measured);
    return new AuditReport(ClaimParts.facts(ledger, claim, people),
        MechanismParts.facts(ledger, claim, at.config, people, found), ClaimParts.accounting(ledger, claim),
        DataTouches.of(bundle, at.config), utility, evidence, provenance, findings);
  }

  private @Nullable UtilityFacts utility(Case at) {
    PrivacyClaim claim = at.bundle.privacy();
    return !options.utility() || at.data == null || claim == null ? null
        : new UtilityTwins(at.data.served(), at.config, progress).measure(RecommenderModel.load(at.bundle),
            claim.epsilon());
  }

  private List<String> deviations(Case at) {
    List<String> deviations = new ArrayList<>();
    if (at.transcript() != null) {
      deviations.add(
          "In the steps, canaries add a known direction of the longest gradient that clipping lets through, not a gradient of their own; they are scored on what the training released, as its trainer saw it, which tells more than the finished model.");
    }
    if (at.data != null && options.shadows() > 0) {
      deviations.add(
          "Shadow models are the heads alone, over what the model's own encoders say of the catalogue: trained without noise, with few steps of the fusion, on half of the audited people.");
    }
    if (at.data != null && dataHash(at.bundle).isEmpty()) {
      deviations.add("The bundle does not tell the hash of its data, so that it was not checked that these are they.");
    }
    return deviations;
  }

  /** The report of a bundle that cannot be opened: what the checks found, and nothing else. */
  private AuditReport unopened(List<Finding> checks, String why) {
    if (checks.stream().noneMatch(finding -> finding.severity() == Severity.RED)) {
      checks.add(Finding.red("BUNDLE_BROKEN", why, "restore the bundle from a copy"));
    }
    Evidence none = new Evidence(List.of(), List.of(), List.of(), 1,
        List.of("The bundle cannot be opened, so that nothing was attacked: " + why + "."));
    return new AuditReport(null, null, null, List.of(), null, none,
        new AuditProvenance(name(), "", now(), Map.of(), Map.of(), "", List.of()), checks);
  }

  private String name() {
    Path name = directory.toAbsolutePath().normalize().getFileName();
    return name == null ? directory.toString() : name.toString();
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
