package io.sfumato.datasets.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sfumato.datasets.DataException;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each splitter does that the others do not. */
class SplitsTest {
  private static final Dataset LOG = Logs.of(5, "ann i0 10", "ann i1 20", "ann i2 30", "ann i3 40", "ann i4 50",
      "bob i0 15", "bob i4 45");

  @Test
  void lastTakesTheEndOfEachUser() {
    Split split = Splitter.last(new Fractions(0.6, 0.2, 0.2)).split(LOG);

    assertThat(Logs.rows(split.train())).containsExactly("ann i0 10", "ann i1 20", "ann i2 30", "bob i0 15",
        "bob i4 45");
    assertThat(Logs.rows(split.valid())).containsExactly("ann i3 40");
    assertThat(Logs.rows(split.test())).containsExactly("ann i4 50");
  }

  @Test
  void someUsersValidateAlone() {
    Split split = Splitter.last(new Fractions(0.6, 0.2, 0.2))
        .split(Logs.of(5, "ann i0 10", "ann i1 20", "ann i2 30",
            "ann i3 40", "ann i4 50", "bob i0 10", "bob i1 20", "bob i2 30", "bob i3 40", "bob i4 50"));

    Split some = split.validatedBy(user -> split.train().userId(user).equals("bob"));

    assertThat(Logs.rows(some.train())).isEqualTo(Logs.rows(split.train()));
    assertThat(Logs.rows(some.valid())).containsExactly("bob i3 40");
    assertThat(some.test().size()).isZero();
    assertThat(Logs.rows(some.dataset().interactions())).containsExactly("ann i0 10", "ann i1 20", "ann i2 30",
        "bob i0 10", "bob i1 20", "bob i2 30", "bob i3 40");
  }

  @Test
  void leaveOneOutTakesOneRowEach() {
    Split split = Splitter.leaveOneOut().split(LOG);

    assertThat(Logs.rows(split.valid())).containsExactly("ann i3 40");
    assertThat(Logs.rows(split.test())).containsExactly("ann i4 50");
  }

  @Test
  void globalTimeCutsAtOneMomentForAll() {
    Split split = Splitter.globalTime(new Fractions(0.6, 0.2, 0.2)).split(LOG);

    // Seven rows: the moments are those of the fifth (0.6 * 7 = 4.2, so index 4: 40) and the seventh (5.6, so index 6: 50).
    assertThat(Logs.rows(split.train())).containsExactly("ann i0 10", "ann i1 20", "ann i2 30", "bob i0 15");
    assertThat(Logs.rows(split.valid())).containsExactly("ann i3 40", "bob i4 45");
    assertThat(Logs.rows(split.test())).containsExactly("ann i4 50");
  }

  @Property(tries = 40, seed = "1")
  void coldItemsAreInOnePartAlone(@ForAll @LongRange(min = 0, max = 99) long seed) {
    Split split = Splitter.coldItems(0.2, 0.1, seed).split(Logs.random(100, seed));
    int[] train = split.train().itemCounts();
    int[] valid = split.valid().itemCounts();
    int[] test = split.test().itemCounts();
    for (int item = 0; item < train.length; item++) {
      assertThat(Math.min(train[item], 1) + Math.min(valid[item], 1) + Math.min(test[item], 1)).isLessThanOrEqualTo(1);
    }
    assertThat(split.test().size()).isPositive();
    assertThat(split.valid().size()).isPositive();
  }

  @Property(tries = 40, seed = "2")
  void aRandomSplitHasTheSharesAskedFor(@ForAll @LongRange(min = 0, max = 99) long seed) {
    Dataset log = Logs.random(150, seed);
    Split split = Splitter.random(new Fractions(0.5, 0.25, 0.25), seed).split(log);
    for (int user = 0; user < log.interactions().userCount(); user++) {
      int n = log.interactions().end(user) - log.interactions().start(user);
      assertThat(split.test().end(user) - split.test().start(user)).isEqualTo(n < 3 ? 0 : Math.round(n * 0.25f));
    }
  }

  @Property(tries = 40, seed = "3")
  void aCoinIsOfItsOwnRowAlone(@ForAll @LongRange(min = 0, max = 99) long seed) {
    Dataset log = Logs.random(150, seed);
    Split split = Splitter.coin(new Fractions(0.5, 0.25, 0.25), seed).split(log);
    int someone = (int) (seed % log.interactions().userCount());
    Dataset fewer = new Dataset(log.name(), log.catalog(), log.interactions()
        .select(row -> log.interactions().user(row) != someone && row % 3 != 0), DataReport.empty());
    Split ofFewer = Splitter.coin(new Fractions(0.5, 0.25, 0.25), seed).split(fewer);
    assertThat(Logs.rows(split.train())).containsAll(Logs.rows(ofFewer.train()));
    assertThat(Logs.rows(split.valid())).containsAll(Logs.rows(ofFewer.valid()));
    assertThat(Logs.rows(split.test())).containsAll(Logs.rows(ofFewer.test()));
  }

  @Test
  void coinsComeUpAsOftenAsAskedFor() {
    Dataset log = Logs.random(300, 3);
    double rows = 0;
    double test = 0;
    double valid = 0;
    for (int seed = 0; seed < 200; seed++) {
      Split split = Splitter.coin(new Fractions(0.5, 0.25, 0.25), seed).split(log);
      rows += log.interactions().size();
      test += split.test().size();
      valid += split.valid().size();
    }
    assertThat(test / rows).isBetween(0.24, 0.26); // some 27,000 coins: 3.8 standard errors
    assertThat(valid / rows).isBetween(0.24, 0.26);
  }

  @Test
  void timeIsNeededWhereTimeIsAskedFor() {
    Dataset timeless = Logs.of(3, "ann i0 0", "ann i1 0", "ann i2 0");
    for (Splitter splitter : new Splitter[]{Splitter.last(Fractions.DEFAULT), Splitter.globalTime(Fractions.DEFAULT),
      Splitter.leaveOneOut()}) {
      assertThatExceptionOfType(DataException.class).isThrownBy(() -> splitter.split(timeless))
          .withMessage("the split '" + splitter.kind()
              + "' needs to know when interactions were, but log has no timestamps; map their column, or split at random");
    }
  }

  @Test
  void aFixedSplitKeepsWhatItNamesAndCountsTheRest(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("split-mine.csv");
    Files.writeString(file, """
      user_id,item_id,timestamp,part
      ann,i1,20,train
      ann,i2,30,VALID
      bob,i4,45,test
      bob,i4,45,test
      ann,i9,1,train
      zoe,i1,1,train
      bob,i1,1,train
      bob,i2,1,tomorrow
      """);

    Split split = Splitter.parse("file:" + file).split(LOG);

    assertThat(split.kind()).isEqualTo("mine");
    assertThat(split.dataset().catalog()).extracting(Item::id).containsExactly("i1", "i2", "i4");
    assertThat(Logs.rows(split.train())).containsExactly("ann i0 20"); // the item's new index
    assertThat(Logs.rows(split.valid())).containsExactly("ann i1 30");
    assertThat(Logs.rows(split.test())).containsExactly("bob i2 45");
    assertThat(split.dataset().report().toMap()).containsOnly(Map.entry("duplicate_interaction", 1L),
        Map.entry("orphan_item_id", 1L),
        Map.entry("orphan_user_id", 1L), Map.entry("orphan_interaction", 1L), Map.entry("bad_part", 1L),
        Map.entry("not_in_split", 4L),
        Map.entry("item_not_in_split", 2L));
  }

  @Test
  void aFixedSplitOfOtherDataOrThatContradictsItselfIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("split-x.csv");
    Files.writeString(file, "user_id,item_id,part\nzoe,i1,train\n");
    assertThatExceptionOfType(DataException.class).isThrownBy(() -> Splitter.fixed(file).split(LOG))
        .withMessage("no row of " + file + " is an interaction of log; check that the ids are those of the data");
    Files.writeString(file, "user_id,item_id,part\nann,i1,train\nann,i1,test\n");
    assertThatExceptionOfType(DataException.class).isThrownBy(() -> Splitter.fixed(file).split(LOG))
        .withMessage(
            file + " has user 'ann' with item 'i1' both for training and for testing; leave one of the lines out");
    Files.writeString(file, "user_id,item_id\nann,i1\n");
    assertThatExceptionOfType(DataException.class).isThrownBy(() -> Splitter.fixed(file).split(LOG))
        .withMessage(file + " has no column 'part'; it has 'user_id', 'item_id'");
  }

  @ParameterizedTest
  @CsvSource(delimiter = ' ', value = {"random random", "random:0.7,0.1,0.2 random", "coin:0.7,0.1,0.2 coin",
    "last last",
    "last:0.5,0.25,0.25 last", "global-time global-time",
    "leave-one-out leave-one-out", "cold cold", "cold:0.2 cold", "cold:0.2,0.2 cold", "file:a/split-b.csv b",
    "file:c.csv.gz c"})
  void aTextNamesASplitter(String spec, String kind) {
    assertThat(Splitter.parse(spec).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rnadom", "random:1", "random:0.5,0.5,0.5", "random:a,b,c", "cold:0", "cold:2",
    "cold:0.1,0.1,0.1", "cold:x", "file:",
    "leave-one-out:2", "last:-1,1,1"})
  void aTextThatNamesNoneSaysWhatThereIs(String spec) {
    assertThatExceptionOfType(DataException.class).isThrownBy(() -> Splitter.parse(spec))
        .withMessageMatching("the split '" + spec
            + "' is not understood \\(.+\\); use random:0.8,0.1,0.1, coin, last, global-time, leave-one-out, cold:0.1 or file:PATH");
  }
}
