package io.sfumato.recommend.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.recommend.audit.AuditedUnits.Person;
import io.sfumato.recommend.audit.AuditedUnits.Row;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AuditedUnitsTest {
  private static final Split SHOP = shop("coin");
  private static final Set<String> OUT = Set.copyOf(SHOP.train().userIds().subList(0, 60));

  private static Split shop(String split) {
    return Splitter.parse(split, 1).split(DemoShop.builder().items(80).customers(300).seed(3).build().dataset());
  }

  @Test
  void membersAreThoseWhoWereNotKeptOut() {
    AuditedUnits units = AuditedUnits.draw(SHOP, OUT, 50, 7);
    assertThat(units.people().stream().filter(person -> !person.in())).isNotEmpty()
        .hasSizeLessThanOrEqualTo(50)
        .allMatch(person -> OUT.contains(SHOP.train().userId(person.user())));
    assertThat(units.people().stream().filter(Person::in)).hasSize(50)
        .noneMatch(person -> OUT.contains(SHOP.train().userId(person.user())));
    assertThat(units.people()).allMatch(person -> person.items().length >= 2);
  }

  @Test
  void interactionsComeInPairsOfAPersonWhoIsNotAskedAboutAsAWhole() {
    AuditedUnits units = AuditedUnits.draw(SHOP, OUT, 50, 7);
    Set<Integer> people = units.people().stream().map(Person::user).collect(Collectors.toSet());
    List<Row> rows = units.rows();
    assertThat(rows).isNotEmpty();
    for (int i = 0; i < rows.size(); i += 2) {
      Row member = rows.get(i);
      Row other = rows.get(i + 1);
      assertThat(member.in()).isTrue();
      assertThat(other.in()).isFalse();
      assertThat(other.user()).isEqualTo(member.user());
      assertThat(other.rest()).isEqualTo(member.rest()).doesNotContain(member.item(), other.item());
      assertThat(SHOP.train().itemsOf(member.user())).contains(member.item()).doesNotContain(other.item());
      assertThat(people).doesNotContain(member.user());
      assertThat(OUT).doesNotContain(SHOP.train().userId(member.user()));
    }
  }

  @Test
  void halvesHoldWhatTheirCoinsSay() {
    AuditedUnits units = AuditedUnits.draw(SHOP, OUT, 50, 7);
    AuditedUnits.Half half = units.half(9);
    assertThat(IntStream.range(0, half.people().length).filter(i -> half.people()[i]).count())
        .isBetween(20L, 80L);
    for (int i = 0; i < half.people().length; i++) {
      int index = half.train().userIndex(SHOP.train().userId(units.people().get(i).user()));
      assertThat(index >= 0).isEqualTo(half.people()[i]);
    }
    for (int i = 0; i < half.rows().length; i++) {
      Row row = units.rows().get(i);
      Set<Integer> taken = Arrays
          .stream(half.train().itemsOf(half.train().userIndex(SHOP.train().userId(row.user()))))
          .boxed()
          .collect(Collectors.toCollection(HashSet::new));
      assertThat(taken.contains(row.item())).isEqualTo(half.rows()[i]);
    }
    assertThat(units.half(9).people()).isEqualTo(half.people());
    assertThat(units.half(10).people()).isNotEqualTo(half.people());
  }

  @Test
  void nobodyKeptOutMeansNobodyToTellFrom() {
    AuditedUnits units = AuditedUnits.draw(SHOP, Set.of(), 50, 7);
    assertThat(units.people()).isEmpty();
    assertThat(units.rows()).isNotEmpty();
  }

  @Test
  void partsThatDifferByMoreThanChanceAreNotCompared() {
    AuditedUnits units = AuditedUnits.draw(shop("last"), OUT, 50, 7);
    assertThat(units.rows()).isEmpty();
    assertThat(units.rowsMissing()).contains("'last'", "coin or random");
  }
}
