package io.sfumato.fusion.training;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.Modality;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run is of: a checkpoint goes on only where this is the same. */
final class RunIdentity {
  private RunIdentity() {}

  /** SHA-256 over options but for where checkpoints lie, encoders, catalogue and interactions, in hexadecimal. */
  static String of(Map<String, String> options, List<Modality<?, ?>> modalities, Split split) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      Map<String, String> chosen = new LinkedHashMap<>(options);
      chosen.remove("resume");
      digest.update(chosen.toString().getBytes(StandardCharsets.UTF_8));
      for (Modality<?, ?> modality : modalities) {
        digest.update((modality.name() + modality.encoder().fingerprint()).getBytes(StandardCharsets.UTF_8));
      }
      split.dataset()
          .catalog()
          .forEach(item -> digest.update(
              (item.id() + '\n' + item.document() + '\n' + item.hasImage() + '\n').getBytes(StandardCharsets.UTF_8)));
      for (Interactions part : List.of(split.train(), split.valid())) {
        ByteBuffer rows = ByteBuffer.allocate(8 * part.size());
        for (int row = 0; row < part.size(); row++) {
          rows.putInt(part.user(row)).putInt(part.item(row));
        }
        digest.update(rows.array());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new FusionException("INTERNAL", "this Java has no SHA-256", e);
    }
  }
}
