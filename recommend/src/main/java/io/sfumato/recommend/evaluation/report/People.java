package io.sfumato.recommend.evaluation.report;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataException;
import io.sfumato.datasets.Item;
import io.sfumato.recommend.evaluation.EvaluationReport.Example;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The examples of a report with titles and pictures. */
final class People {
  private static final int SIDE = 128;

  private final Catalog catalog;
  private final Thumbnails thumbnails = new Thumbnails(SIDE);

  People(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * An item as the page shows it.
   *
   * @param title or its id where it has none
   * @param image data URI, null where it has none or none that can be read
   * @param hit whether it is one that the person took in the measured part
   */
  record Card(String title, @Nullable String image, boolean hit) {}

  /** Somebody with their history, what they were shown, and what was missed. */
  record Person(String user, String why, String value, int relevant, int hits, List<Card> history, List<Card> shown,
      List<Card> missed) {
    Person {
      history = List.copyOf(history);
      shown = List.copyOf(shown);
      missed = List.copyOf(missed);
    }
  }

  List<Person> of(List<Example> examples) {
    List<Person> people = new ArrayList<>();
    for (Example example : examples) {
      List<Card> shown = example.list().stream().map(ranked -> card(ranked.item(), ranked.hit())).toList();
      people.add(new Person(example.user(), example.why(), Words.figure(example.value()), example.relevant(),
          (int) shown.stream().filter(Card::hit).count(), cards(example.history()), shown, cards(example.missed())));
    }
    return people;
  }

  private List<Card> cards(List<String> ids) {
    return ids.stream().map(id -> card(id, false)).toList();
  }

  private Card card(String id, boolean hit) {
    int index = catalog.indexOf(id);
    if (index < 0) {
      return new Card(id, null, hit);
    }
    Item item = catalog.item(index);
    return new Card(item.title().isEmpty() ? id : item.title(), image(item), hit);
  }

  /** A picture that cannot be read is one that the page does without. */
  private @Nullable String image(Item item) {
    try {
      return thumbnails.of(item);
    } catch (DataException | UncheckedIOException e) {
      return null;
    }
  }
}
