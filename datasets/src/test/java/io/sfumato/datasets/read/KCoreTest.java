package io.sfumato.datasets.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.datasets.DataReport.Cause;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.split.Logs;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class KCoreTest {
  @Test
  void takingOneOutMayTakeOutAnother() {
    // i1 has one user; without it, bob has one item; without bob, i0 has one user; without it, ann has none of two.
    Dataset core = KCore.of(Logs.of(3, "ann i0 1", "ann i2 2", "bob i0 1", "bob i1 2"), 2, 2);

    assertThat(core.interactions().size()).isZero();
    assertThat(core.catalog().size()).isZero();
    assertThat(core.report().count(Cause.OUTSIDE_CORE)).isEqualTo(4);
    assertThat(core.report().count(Cause.ITEM_OUTSIDE_CORE)).isEqualTo(3);
  }

  @Property(tries = 100, seed = "1")
  void allInTheCoreHaveEnoughAndItIsItsOwnCore(@ForAll @IntRange(min = 0, max = 150) int rows,
      @ForAll @LongRange(min = 0, max = 999) long seed,
      @ForAll @IntRange(min = 0, max = 5) int perUser, @ForAll @IntRange(min = 0, max = 4) int perItem) {
    Dataset all = Logs.random(rows, seed);

    Dataset core = KCore.of(all, perUser, perItem);

    Interactions log = core.interactions();
    for (int user = 0; user < log.userCount(); user++) {
      assertThat(log.itemsOf(user).length).isGreaterThanOrEqualTo(perUser);
    }
    assertThat(Arrays.stream(log.itemCounts()).allMatch(count -> count >= perItem)).isTrue();
    assertThat(core.report().count(Cause.OUTSIDE_CORE)).isEqualTo(all.interactions().size() - log.size());
    assertThat(core.report().count(Cause.ITEM_OUTSIDE_CORE)).isEqualTo(all.catalog().size() - core.catalog().size());
    assertThat(Logs.rows(KCore.of(core, perUser, perItem).interactions())).isEqualTo(Logs.rows(log));
  }
}
