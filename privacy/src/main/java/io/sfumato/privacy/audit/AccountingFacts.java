package io.sfumato.privacy.audit;

import io.sfumato.privacy.accounting.LedgerCheck;
import io.sfumato.privacy.accounting.PrivacySpend;
import java.util.List;

/**
 * What was spent, by both accountants.
 *
 * @param spend of all phases together, in the claim's relation
 * @param growth ε against the number of steps of all phases so far, from (0, 0); corners where a phase ends are among its points
 * @param ledgerHead hash of the ledger's last entry
 * @param check whether the ledger is whole, and what that is worth
 */
public record AccountingFacts(PrivacySpend spend, List<Point> growth, String ledgerHead, LedgerCheck check) {
  public AccountingFacts {
    growth = List.copyOf(growth);
  }
}
