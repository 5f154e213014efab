package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.recommend.ExplanationAudit.Outcome;
import io.sfumato.recommend.ExplanationAudit.Result;
import org.junit.jupiter.api.Test;

/** Explanations hold on a shop whose people go by a kind of item; a shop with a trained ranking model is looked at with the commands. */
class ExplanationAuditTest {
  private static final MadeShop SHOP = MadeShop.create();

  private final Result result = new ExplanationAudit(SHOP.model).run(SHOP.split.train(), 20, 10, 1);

  @Test
  void removingWhatIsNamedLowersTheScore() {
    assertThat(result.users()).isEqualTo(20);
    assertThat(result.reason().checked()).isEqualTo(200);
    assertThat(result.reason().rate()).isGreaterThan(0.9);
    assertThat(result.channel().rate()).isEqualTo(1.0);
    assertThat(result.modality().checked()).isPositive();
    assertThat(result.modality().rate()).isGreaterThan(0.95);
  }

  @Test
  void removingAnotherItemLowersItLess() {
    assertThat(result.other().drop()).isLessThan(0.5 * result.reason().drop());
    assertThat(result.other().rate()).isLessThan(result.reason().rate());
  }

  @Test
  void isTheSameForTheSameSeed() {
    Result again = new ExplanationAudit(SHOP.model).run(SHOP.split.train(), 20, 10, 1);
    assertThat(again.reason().lowered()).isEqualTo(result.reason().lowered());
    assertThat(again.other().lowered()).isEqualTo(result.other().lowered());
    assertThat(again.channel().drop()).isCloseTo(result.channel().drop(), within(1e-4)); // vector units round as they like
  }

  @Test
  void countsNothingWhereNothingWasChecked() {
    Outcome none = new Outcome(0, 0, 0);
    assertThat(none.rate()).isNaN();
    assertThat(none.toMap().get("rate")).isNull();
  }
}
