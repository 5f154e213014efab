package io.sfumato.recommend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.LedgerCheck;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle's {@code sfumato.json} says of its ledger. Read without the bundle itself, whose verification hashes every file.
 *
 * @param epsilon that is claimed
 * @param delta likewise
 * @param neighbouring the relation that both refer to
 * @param head where the ledger should end
 */
record LedgerClaim(double epsilon, double delta, Neighbouring neighbouring, String head) {

  /** Numbers are written in decimal and read again. */
  private static final double ROUNDING = 1e-9;

  /** The claim in a bundle's description; null where there is none. */
  static @Nullable LedgerClaim read(Path file) {
    if (Files.notExists(file)) {
      return null;
    }
    try {
      JsonNode node = new ObjectMapper().readTree(Files.readAllBytes(file)).path("privacy");
      if (!node.isObject()) {
        return null;
      }
      return new LedgerClaim(node.path("epsilon").asDouble(), node.path("delta").asDouble(),
          node.path("neighbouring").asText().equals("replace") ? Neighbouring.REPLACE : Neighbouring.ADD_REMOVE,
          node.path("ledger_head").asText());
    } catch (IOException e) {
      throw new PrivacyException("CORRUPT", file + " cannot be read: " + e.getMessage() + "; restore it from a copy",
          e);
    }
  }

  /** Whether the ledger is whole, ends where it should, and adds up to no more than is claimed. */
  LedgerCheck check(PrivacyLedger ledger) {
    LedgerCheck check = ledger.verifyHead(head);
    double spent = PldAccountant.create().withNeighbouring(neighbouring).epsilon(ledger.phases(), delta);
    return !check.intact() || spent <= epsilon * (1 + ROUNDING) ? check
        : new LedgerCheck(false, OptionalInt.empty(), check.signed(), "the bundle claims epsilon "
            + PrivacyText.figure(epsilon) + " but the ledger adds up to " + PrivacyText.figure(spent));
  }

  private String relation() {
    return neighbouring == Neighbouring.REPLACE ? "replace" : "add-remove";
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("epsilon", epsilon);
    map.put("delta", delta);
    map.put("neighbouring", relation());
    map.put("ledger_head", head);
    return map;
  }

  @Override
  public String toString() {
    return "epsilon " + PrivacyText.figure(epsilon) + " at delta " + PrivacyText.figure(delta) + " (" + relation()
        + ")";
  }
}
