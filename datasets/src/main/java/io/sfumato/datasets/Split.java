package io.sfumato.datasets;

import java.util.Objects;
import java.util.function.IntPredicate;

/**
 * A data set whose interactions are shared out between training, validation and test. All three parts have the user and item indices of
 * {@link #dataset()}, and no row is in two of them. Immutable.
 */
public final class Split {
  private final Dataset dataset;
  private final String kind;
  private final Interactions train;
  private final Interactions valid;
  private final Interactions test;

  /**
   * @param dataset the data that was split; its interactions are the union of the parts
   * @param kind how it was split: {@code random}, {@code last}, {@code global-time}, {@code leave-one-out}, {@code cold}, or the name of a fixed one
   */
  public Split(Dataset dataset, String kind, Interactions train, Interactions valid, Interactions test) {
    this.dataset = Objects.requireNonNull(dataset, "dataset");
    this.kind = Objects.requireNonNull(kind, "kind");
    this.train = check(train, "train");
    this.valid = check(valid, "valid");
    this.test = check(test, "test");
    int rows = train.size() + valid.size() + test.size();
    if (rows != dataset.interactions().size()) {
      throw new IllegalArgumentException(
          "the parts have %d rows together but the data set has %d".formatted(rows, dataset.interactions().size()));
    }
  }

  private Interactions check(Interactions part, String name) {
    Interactions all = dataset.interactions();
    if (part.userCount() != all.userCount() || part.itemCount() != all.itemCount()) {
      throw new IllegalArgumentException("%s is over %d users and %d items but the data set over %d and %d"
          .formatted(name, part.userCount(), part.itemCount(), all.userCount(), all.itemCount()));
    }
    return part;
  }

  /** The data that was split. With a fixed split, only the rows and items that it names. */
  public Dataset dataset() {
    return dataset;
  }

  /** How it was split. */
  public String kind() {
    return kind;
  }

  /**
   * The same training part with the validation interactions of some users alone, and no test part: for choosing among models on a sample.
   *
   * @param users which user indices are validated on
   */
  public Split validatedBy(IntPredicate users) {
    Interactions some = valid.select(row -> users.test(valid.user(row)));
    return new Split(
        new Dataset(dataset.name(), dataset.catalog(), Interactions.union(train, some), dataset.report()), kind,
        train, some, test.select(row -> false));
  }

  public Interactions train() {
    return train;
  }

  public Interactions valid() {
    return valid;
  }

  public Interactions test() {
    return test;
  }

  /** Training and validation interactions together: what is known when the test part begins, and nothing of the test. Made anew by each call. */
  public Interactions known() {
    return Interactions.union(train, valid);
  }

  @Override
  public String toString() {
    return "Split[%s of %s: %d train, %d valid, %d test rows]".formatted(kind, dataset.name(), train.size(),
        valid.size(), test.size());
  }
}
