package io.sfumato.fusion.classification;

import io.sfumato.fusion.FusionException;
import java.util.Arrays;
import java.util.Locale;

/** How a classifier is made of a few examples a class, over encoders that stay as they are. */
public enum FewShotMethod {
  /** Each class is the mean of its examples' vectors, and an item is of the class whose mean is nearest in squared Euclidean distance (Snell, Swersky and Zemel 2017). */
  PROTOTYPES,
  /** Multinomial logistic regression on the vectors, its L2 penalty chosen on validation. */
  LINEAR_PROBE;

  /** The name as it stands on the command line: {@code prototypes}, {@code linear-probe}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads what {@link #id()} writes.
   *
   * @throws FusionException {@code BAD_OPTION} when the text is none of them
   */
  public static FewShotMethod parse(String text) {
    return Arrays.stream(values())
        .filter(method -> method.id().equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> new FusionException("BAD_OPTION",
            "few-shot must be prototypes or linear-probe but was '" + text + "'"));
  }
}
