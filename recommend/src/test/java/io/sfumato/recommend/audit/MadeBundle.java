package io.sfumato.recommend.audit;

import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.privacy.accounting.NoiseSource;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.recommend.bundle.BundleWriter;
import io.sfumato.recommend.bundle.PrivacyClaim;
import io.sfumato.recommend.bundle.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A private bundle with all that its checks look at, made without training. */
final class MadeBundle {
  static final int ITEMS = 50;
  static final int USERS = 1000;
  static final int STEPS = 60;
  static final double RATE = 0.05;
  static final int MOST = 16;

  private MadeBundle() {}

  static Path write(Path target) throws IOException {
    return write(target, NoiseSource.SECURE, poisson(RATE));
  }

  static Path write(Path target, NoiseSource noise, Map<String, Long> batches) throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    ReleasedTensors counts = tensors(random, "counts", ITEMS);
    ReleasedTensors directions = new ReleasedTensors(List.of(tensor(random, "directions.values", 3),
        new FloatTensor("directions.vectors", new long[]{2, ITEMS}, values(random, 2 * ITEMS))));
    ReleasedTensors fusion = new ReleasedTensors(List.of(tensor(random, "projection.text.map.weight", 32),
        new FloatTensor("user.map", new long[]{4, 4}, values(random, 16)), tensor(random, "user.bias", 4)));
    PrivacyLedger ledger = PrivacyLedger.empty(PrivacyUnit.USER)
        .append(new Release(Phase.of(12, 1, 1), 4, "popularity counts (at most 16 items a user)", counts.sha256(),
            noise))
        .append(new Release(Phase.of(9, 1, 1), 1, "item-item matrix (unit, at most 16 items a user)",
            directions.sha256(), noise))
        .append(new Release(Phase.of(1.1, RATE, STEPS), 1, "model weights, interaction objective, clipping flat",
            fusion.sha256(), noise));
    Map<String, Object> steps = new LinkedHashMap<>();
    steps.put("steps", STEPS);
    steps.put("batch_sizes", batches);
    steps.put("sampler", "poisson");
    steps.put("resumed", false);
    steps.put("validator", "every released parameter was seen by a layer with a rule for per-example gradients");
    try (BundleWriter writer = BundleWriter.create(target)) {
      List.of(counts, directions, fusion).forEach(writer::released);
      SafeTensors.write(writer.file("model/multimodal/fusion.safetensors"), fusion.tensors(), Map.of());
      SafeTensors.write(writer.file("model/profile.safetensors"),
          List.of(fusion.tensors().get(1).named("map"), fusion.tensors().get(2).named("bias")), Map.of());
      float[] floored = counts.tensors().getFirst().values().clone();
      for (int item = 0; item < ITEMS; item++) {
        floored[item] = Math.max(1, floored[item]);
      }
      SafeTensors.write(writer.file("model/models/popular.safetensors"),
          List.of(new FloatTensor("counts", new long[]{ITEMS}, floored)), Map.of());
      SafeTensors.write(writer.file("model/models/ease.safetensors"), directions.tensors(), Map.of());
      SafeTensors.write(writer.file("model/vectors.safetensors"), List.of(tensor(random, "parts", 64)), Map.of());
      Files.writeString(writer.file("people/histories.jsonl"), "{\"user\":\"ann\",\"items\":[1],\"parts\":\"t\"}\n");
      writer.privacy(ledger, PrivacyClaim.of(ledger, PrivacyBudget.of(8, 1e-6), MOST),
          Map.of("users", USERS, "steps", steps));
      writer.commit(new Provenance("shop", "", "", "coin", 1,
          Map.of("privacy", Map.of("sampling-rate", RATE, "steps", STEPS)), Map.of()));
    }
    return target;
  }

  /** Sizes of batches that coins of this rate make. */
  static Map<String, Long> poisson(double rate) {
    SplittableRandom random = new SplittableRandom(11);
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (int step = 0; step < STEPS; step++) {
      int size = 0;
      for (int user = 0; user < USERS; user++) {
        size += random.nextDouble() < rate ? 1 : 0;
      }
      sizes.merge(Integer.toString(size), 1L, Long::sum);
    }
    return sizes;
  }

  private static ReleasedTensors tensors(SplittableRandom random, String name, int size) {
    return new ReleasedTensors(List.of(tensor(random, name, size)));
  }

  private static FloatTensor tensor(SplittableRandom random, String name, int size) {
    return new FloatTensor(name, new long[]{size}, values(random, size));
  }

  private static float[] values(SplittableRandom random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
