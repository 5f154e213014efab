package io.sfumato.recommend.evaluation;

import java.util.List;
import java.util.Locale;

/**
 * What is left out of the ranking and who counts. Both rank every other item of the pool for every user: metrics over sampled negatives are not
 * offered, because they do not even order systems as the full ranking does (Krichene and Rendle 2020).
 */
public enum Protocol {
  /** In the test part a user's training and validation items are masked, in the validation part the training items. Every user with a relevant item counts. */
  FULL(
      "Every item of the pool is ranked for every user who has a relevant one; what the user had in training and validation is left out of the ranking. "
          + "Nothing is sampled."),
  /**
   * What the evaluator of MMRec (github.com/enoche/MMRec: {@code utils/dataloader.py}, {@code utils/topk_evaluator.py}, {@code utils/metrics.py}) does with its defaults, for figures that can stand beside
   * those published with it. It differs from {@link #FULL} in two things:
   *
   * <ul>
   * <li>Only training items are masked, in the test part too. A user's validation items stay in the ranking, where they can only count as misses: figures are lower, the more so the better a model
   * is at finding them.
   * <li>Users without a training interaction do not count ({@code filter_out_cod_start_users}).
   * </ul>
   *
   * <p>Cuts are 5, 10, 20 and 50. Its Recall, NDCG (binary, ideal over {@code min(k, |R|)}), Precision and MAP ({@code ÷ min(k, |R|)}) are those of {@link Metric}; it rounds means to four digits, which is not
   * done here, and gives equal scores in no particular order, where here the lower index goes first.
   *
   * <p>A run file whose lists leave validation items out was made for {@link #FULL}: measured by this protocol it is flattered, for it cannot have the misses that the others have.
   */
  MMREC(
      "As MMRec's own evaluator does: every item is ranked for every user who has a training and a relevant interaction; only training items are left out of the ranking, "
          + "so a user's validation items stand in it as misses. Nothing is sampled.");

  private final String words;

  Protocol(String words) {
    this.words = words;
  }

  /** The name in reports, JSON and on the command line. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The protocol in words, for people. */
  public String words() {
    return words;
  }

  /** The cuts that it is usually reported at. */
  public List<Integer> cuts() {
    return this == MMREC ? List.of(5, 10, 20, 50) : List.of(5, 10, 20);
  }

  /** The protocol with this {@link #key}. @throws IllegalArgumentException that names those that there are */
  public static Protocol parse(String key) {
    for (Protocol protocol : values()) {
      if (protocol.key().equals(key.toLowerCase(Locale.ROOT))) {
        return protocol;
      }
    }
    throw new IllegalArgumentException("the protocol must be full or mmrec but was '" + key + "'");
  }
}
