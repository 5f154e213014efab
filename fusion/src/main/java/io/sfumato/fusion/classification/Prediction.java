package io.sfumato.fusion.classification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a classifier says of an item.
 *
 * @param item its id
 * @param labels of the classifier
 * @param probabilities one a label, in their order, summing to one
 */
@SuppressWarnings("ArrayRecordComponent") // one row of a large table that is handed over, never compared
public record Prediction(String item, List<String> labels, double[] probabilities) {

  /**
   * A label and how probable it is.
   *
   * @param probability in [0, 1]
   */
  public record Scored(String label, double probability) {}

  /** The most probable label; the first of equals. */
  public Scored best() {
    return top(1).getFirst();
  }

  /** The {@code k} most probable labels, the most probable first; all where there are fewer. */
  public List<Scored> top(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("how many labels to tell must be 1 or more but was " + k);
    }
    List<Scored> top = new ArrayList<>();
    IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer label) -> probabilities[label]).reversed())
        .limit(k)
        .forEach(label -> top.add(new Scored(labels.get(label), probabilities[label])));
    return top;
  }
}
