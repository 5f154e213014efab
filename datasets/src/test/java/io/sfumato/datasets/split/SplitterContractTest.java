package io.sfumato.datasets.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What every splitter that keeps all rows promises, on small random logs. */
abstract class SplitterContractTest {
  abstract Splitter splitter(long seed);

  /** Whether users with fewer than three rows keep all of them in training. */
  boolean sparesSmallUsers() {
    return true;
  }

  @Property(tries = 60, seed = "1")
  void thePartsAreDisjointAndTogetherAllOfTheData(@ForAll @IntRange(min = 12, max = 60) int rows,
      @ForAll @LongRange(min = 0, max = 999) long seed) {
    Dataset data = Logs.random(rows, seed);

    Split split = splitter(seed).split(data);

    List<String> parts = new ArrayList<>();
    for (Interactions part : List.of(split.train(), split.valid(), split.test())) {
      parts.addAll(Logs.rows(part));
      assertThat(part.userIds()).isEqualTo(split.dataset().interactions().userIds());
    }
    List<String> all = Logs.rows(data.interactions());
    Collections.sort(parts);
    Collections.sort(all);
    assertThat(parts).isEqualTo(all); // the rows of a log are distinct, so that equal sizes make disjoint parts
    assertThat(split.dataset()).isSameAs(data);
  }

  @Property(tries = 20, seed = "2")
  void theSameSeedIsTheSameSplit(@ForAll @LongRange(min = 0, max = 999) long seed) {
    Dataset data = Logs.random(40, seed);

    assertThat(Logs.rows(splitter(seed).split(data).test())).isEqualTo(Logs.rows(splitter(seed).split(data).test()));
    assertThat(splitter(seed).split(data).kind()).isEqualTo(splitter(seed).kind());
  }

  @Property(tries = 40, seed = "3")
  void usersWithFewRowsKeepThemInTraining(@ForAll @LongRange(min = 0, max = 999) long seed) {
    Dataset data = Logs.random(25, seed);
    Split split = splitter(seed).split(data);
    for (int user = 0; sparesSmallUsers() && user < data.interactions().userCount(); user++) {
      int rows = data.interactions().end(user) - data.interactions().start(user);
      int inTraining = split.train().end(user) - split.train().start(user);
      assertThat(inTraining).isGreaterThanOrEqualTo(Math.min(rows, 1));
      assertThat(rows >= 3 || inTraining == rows).isTrue();
    }
  }
}
