package io.sfumato.datasets.split;

import io.sfumato.datasets.DataException;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Split;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A way to share interactions out between training, validation and test. Implementations are immutable, and the same data set, settings and seed
 * give the same split on every machine.
 */
public interface Splitter {
  /** What {@link Split#kind()} will say. */
  String kind();

  /** Splits a data set. @throws DataException where the data cannot be split so */
  Split split(Dataset dataset);

  /** A random share of each user's rows; users with fewer than three rows keep all of them in training. */
  static Splitter random(Fractions fractions, long seed) {
    return new RandomSplitter(fractions, seed);
  }

  /**
   * Each row by a coin of its own: by a hash of seed, user and item alone. What one row is for does not depend on any other row, as private training
   * needs it; a user's shares are only about those asked for, and nobody is sure to keep a row in training.
   */
  static Splitter coin(Fractions fractions, long seed) {
    return new CoinSplitter(fractions, seed);
  }

  /** Each user's last rows in time are for testing, those before them for validation; users with fewer than three rows keep all in training. */
  static Splitter last(Fractions fractions) {
    return new LastSplitter(fractions);
  }

  /**
   * Rows after one moment are for testing, rows after an earlier one for validation. Rows of the same second stay together. Users who come late have
   * no training rows.
   */
  static Splitter globalTime(Fractions fractions) {
    return new GlobalTimeSplitter(fractions);
  }

  /** Each user's last row is for testing, the one before for validation; users with fewer than three rows keep all of them in training. */
  static Splitter leaveOneOut() {
    return new LeaveOneOutSplitter();
  }

  /**
   * A random share of the items is never in training: their rows are for testing, and those of other such items for validation.
   *
   * @param test the share of the items with interactions that are for testing, in (0, 1)
   * @param valid the share that are for validation, in [0, 1)
   */
  static Splitter coldItems(double test, double valid, long seed) {
    return new ColdItemSplitter(test, valid, seed);
  }

  /**
   * The split that a file fixes ({@code user_id,item_id,timestamp,part}, or MMRec's {@code .inter}). Only the rows and items that it names are in the
   * result; others are dropped, and so are its rows that the data does not have: all are counted in the result's report. Its kind is the file's name
   * without "split-" and suffix.
   */
  static Splitter fixed(Path file) {
    return new FixedSplitter(file);
  }

  /**
   * The splitter that a text names: {@code random}, {@code random:0.8,0.1,0.1}, {@code coin}, {@code coin:0.8,0.1,0.1}, {@code last}, {@code last:0.8,0.1,0.1}, {@code global-time},
   * {@code global-time:0.8,0.1,0.1}, {@code leave-one-out}, {@code cold}, {@code cold:0.1} (validation gets half as many items), {@code cold:0.1,0.05} or
   * {@code file:PATH}.
   *
   * @param seed for those that draw
   * @throws DataException {@code BAD_SPLIT} that says what there is
   */
  static Splitter parse(String spec, long seed) {
    int colon = spec.indexOf(':');
    String kind = colon < 0 ? spec : spec.substring(0, colon);
    String rest = colon < 0 ? "" : spec.substring(colon + 1);
    try {
      return switch (kind) {
        case "random" -> random(Fractions.parse(rest), seed);
        case "coin" -> coin(Fractions.parse(rest), seed);
        case "last" -> last(Fractions.parse(rest));
        case "global-time" -> globalTime(Fractions.parse(rest));
        case "leave-one-out" -> {
          if (!rest.isEmpty()) {
            throw new IllegalArgumentException("leave-one-out takes no numbers");
          }
          yield leaveOneOut();
        }
        case "cold" -> {
          double[] shares = rest.isEmpty() ? new double[]{0.1}
              : Arrays.stream(rest.split(",")).mapToDouble(Double::parseDouble).toArray();
          if (shares.length > 2) {
            throw new IllegalArgumentException("cold takes one or two shares but got " + shares.length);
          }
          yield coldItems(shares[0], shares.length == 2 ? shares[1] : shares[0] / 2, seed);
        }
        case "file" -> {
          if (rest.isEmpty()) {
            throw new IllegalArgumentException("the path is missing");
          }
          yield fixed(Path.of(rest));
        }
        default -> throw new IllegalArgumentException("it is none of those");
      };
    } catch (IllegalArgumentException e) { // bad numbers too
      throw new DataException("BAD_SPLIT",
          "the split '%s' is not understood (%s); use random:0.8,0.1,0.1, coin, last, global-time, leave-one-out, cold:0.1 or file:PATH"
              .formatted(spec, e.getMessage()),
          e);
    }
  }

  /** {@link #parse(String, long)} with the seed 42. */
  static Splitter parse(String spec) {
    return parse(spec, 42);
  }
}
