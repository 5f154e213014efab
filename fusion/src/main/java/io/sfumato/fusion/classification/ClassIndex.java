package io.sfumato.fusion.classification;

import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.classification.ItemParts.Part;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Labels as numbers, and the places of each part's items.
 *
 * @param labels names of the classes
 * @param of class of each item, −1 where its label is none of them
 * @param train places of the training items that have a class
 * @param valid places of the validation items that have one
 */
@SuppressWarnings("ArrayRecordComponent") // handed over within this package, never compared
record ClassIndex(List<String> labels, int[] of, int[] train, int[] valid) {

  /**
   * Numbers the labels of the training part in alphabetical order, or given ones in theirs.
   *
   * @param given the classes, or empty for those of the training part
   * @throws FusionException {@code ONE_CLASS} with fewer than two classes, {@code NO_CONTENT} without a training item
   */
  static ClassIndex of(LabelledItems data, ItemParts parts, List<String> given) {
    int[] train = parts.places(data, Part.TRAIN);
    List<String> labels = given.isEmpty() ? data.select(train).classes() : List.copyOf(given);
    if (new LinkedHashSet<>(labels).size() != labels.size()) {
      throw new FusionException("BAD_OPTION", "labels must be named once each but were " + labels);
    }
    if (data.size() == 0 || train.length == 0) {
      throw new FusionException("NO_CONTENT",
          "none of the items with a '%s' is for training; there are %d, shared out by %s".formatted(data.column(),
              data.size(), parts));
    }
    if (labels.size() < 2) {
      throw new FusionException("ONE_CLASS",
          "all training items have the same '%s' %s; a classifier needs two labels or more".formatted(data.column(),
              labels));
    }
    Map<String, Integer> numbers = new LinkedHashMap<>();
    labels.forEach(label -> numbers.put(label, numbers.size()));
    int[] of = data.labels().stream().mapToInt(label -> numbers.getOrDefault(label, -1)).toArray();
    int[] usable = Arrays.stream(train).filter(item -> of[item] >= 0).toArray();
    if (usable.length == 0) {
      throw new FusionException("NO_CONTENT",
          "no training item has one of the labels %s in '%s'; check the names".formatted(labels, data.column()));
    }
    int[] valid = Arrays.stream(parts.places(data, Part.VALID)).filter(item -> of[item] >= 0).toArray();
    return new ClassIndex(labels, of, usable, valid);
  }

  /** Classes of items. */
  int[] classesOf(int[] places) {
    return Arrays.stream(places).map(item -> of[item]).toArray();
  }
}
