package io.sfumato.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code reference_audit.json}: what jax_privacy says, and an independent bisection. A null there is "not computed". */
class AuditOracleTest {

  private static List<JsonNode> rows(String table) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    try (InputStream in = AuditOracleTest.class.getResourceAsStream("reference_audit.json")) {
      new ObjectMapper().readTree(in).get(table).forEach(rows::add);
    }
    return rows;
  }

  private static int whole(JsonNode row, String name) {
    return row.get(name).intValue();
  }

  private static double number(JsonNode row, String name) {
    return row.get(name).doubleValue();
  }

  @Test
  void oneRunBounds() throws IOException {
    List<JsonNode> rows = rows("one_run");
    assertThat(rows).hasSize(15);
    for (JsonNode row : rows) {
      int m = whole(row, "m");
      int r = whole(row, "r");
      int v = whole(row, "v");
      double delta = number(row, "delta");
      double bound = OneRunBound.epsilonLower(m, r, v, delta, 1 - number(row, "significance"));
      assertThat(bound).as(row.toString())
          .isCloseTo(number(row, "eps_lower_jax_privacy"), within(1e-5))
          .isCloseTo(number(row, "eps_lower_independent"), within(1e-6));
      double p = number(row, "p_value_at_eps1_independent");
      assertThat(OneRunBound.pValue(m, r, v, 1, delta)).as(row.toString()).isCloseTo(p, within(1e-10 * p));
    }
  }

  @Test
  void gaussianBounds() throws IOException {
    int compared = 0;
    for (JsonNode row : rows("one_run")) {
      if (row.get("eps_lower_fdp_jax").isNumber()) {
        compared++;
        assertThat(CurveOneRunBound.gaussianEpsilonLower(whole(row, "m"), whole(row, "r"), whole(row, "v"),
            number(row, "delta"), 1 - number(row, "significance"))).as(row.toString())
            .isCloseTo(number(row, "eps_lower_fdp_jax"), within(1e-5));
      }
    }
    assertThat(compared).isEqualTo(11);
  }

  @Test
  void clopperPearson() throws IOException {
    List<JsonNode> rows = rows("clopper_pearson");
    assertThat(rows).hasSize(4);
    for (JsonNode row : rows) {
      int tp = whole(row, "tp");
      int in = whole(row, "n_in");
      int fp = whole(row, "fp");
      int out = whole(row, "n_out");
      double confidence = 1 - number(row, "significance");
      assertThat(ClopperPearson.interval(tp, in, confidence).low()).isCloseTo(number(row, "tpr_lower"), within(1e-10));
      assertThat(ClopperPearson.interval(fp, out, confidence).high()).isCloseTo(number(row, "fpr_upper"),
          within(1e-10));
      assertThat(ClopperPearson.epsilonLower(tp, in, fp, out, number(row, "delta"), confidence)).as(row.toString())
          .isCloseTo(number(row, "eps_lower_jax_privacy"), within(1e-5));
    }
  }
}
