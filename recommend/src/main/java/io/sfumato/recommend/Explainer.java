package io.sfumato.recommend;

import io.sfumato.fusion.user.UserProfile;
import io.sfumato.recommend.RecommendationPipeline.Ranked;
import io.sfumato.recommend.ranking.Channel;
import io.sfumato.recommend.ranking.Ranker;
import io.sfumato.recommend.retrieval.Hits;
import io.sfumato.recommend.retrieval.TopItems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * Where the score of an item came from.
 *
 * <p><b>Shares.</b> The Shapley values of the ranker's channels ({@link Ranker#contributions}), of what speaks for the item. Two signals are text and picture in one, that of the fused vectors
 * and the content regression: what their channel owes to them (its value with the signal less its value without) is shared between the two as {@code u·part} of each modality is, and as the scores
 * of the regression's blocks are.
 *
 * <p><b>Because.</b> A history item's weight is the item's content share times what it adds to {@code u·item} ({@link UserProfile#influence}) and to the content
 * regression, and its collaborative share times what it adds to the other item models' scores, each relative to the whole history.
 */
final class Explainer {
  static final int TEXT = Channel.EXPLAINED.indexOf(Channel.TEXT);
  static final int IMAGE = Channel.EXPLAINED.indexOf(Channel.IMAGE);
  private static final int COLLABORATIVE = Channel.EXPLAINED.indexOf(Channel.COLLABORATIVE);
  private static final int POPULARITY = Channel.EXPLAINED.indexOf(Channel.POPULARITY);
  private static final int REASONS = 3;
  /** Items whose contributions are asked for in one go, so that what they need of memory is bounded. */
  private static final int AT_ONCE = 32;
  private static final double LEAST = 1e-9;

  private final CandidateSignals signals;
  private final Ranker ranker;
  private final MixedSignals mixed;

  Explainer(CandidateSignals signals, Ranker ranker) {
    this.signals = signals;
    this.ranker = ranker;
    this.mixed = new MixedSignals(signals, ranker);
  }

  /**
   * Explains rows of a feature matrix.
   *
   * @param rows with their scores, the best first
   * @param candidates item of each row of the matrix
   */
  List<Ranked> explain(Hits rows, int[] candidates, float[] matrix, float[] userVector, int[] history) {
    double[][] values = ranker.contributions(matrix, candidates.length, rows.items());
    mixed.share(values, rows.items(), candidates, matrix, userVector, history);
    UserProfile.Influences content = signals.profile().influences(signals.vectors(history));
    List<Ranked> out = new ArrayList<>();
    List<float[][]> added = List.of();
    for (int rank = 0; rank < rows.size(); rank++) {
      if (rank % AT_ONCE == 0) {
        added = contributions(Arrays.copyOfRange(rows.items(), rank, Math.min(rank + AT_ONCE, rows.size())), candidates,
            history);
      }
      int item = candidates[rows.items()[rank]];
      double[] parts = contentParts(signals.items(), item, userVector);
      double speaking = Arrays.stream(values[rank]).filter(value -> value > 0).sum();
      Shares shares = speaking > LEAST
          ? Shares.of(values[rank][TEXT], values[rank][IMAGE], values[rank][COLLABORATIVE], values[rank][POPULARITY])
          : evidence(item, parts, history);
      out.add(new Ranked(item, rows.scores()[rank], shares,
          because(item, shares, content, added, rank % AT_ONCE, history)));
    }
    return out;
  }

  /** What the history adds to the scores of some rows' items: by model, item and place in the history; nothing of a model whose score does not come from histories. */
  private List<float[][]> contributions(int[] rows, int[] candidates, int[] history) {
    int[] items = Arrays.stream(rows).map(row -> candidates[row]).toArray();
    List<float[][]> added = new ArrayList<>();
    for (ModelSignal model : signals.models()) {
      boolean none = model.signal().channel() == Channel.POPULARITY || model.signal().channel() == Channel.CONTEXT;
      added.add(none ? new float[items.length][0] : model.model().contributions(history, items));
    }
    return added;
  }

  /**
   * For an item that nothing sets above its list, such as the only one that a filter allows: similar content and what others took count alike, and popularity where there is neither.
   */
  private Shares evidence(int item, double[] parts, int[] history) {
    double content = Math.max(parts[0] + parts[1], Double.MIN_NORMAL);
    boolean taken = signals.models()
        .stream()
        .filter(model -> model.signal().channel() == Channel.COLLABORATIVE)
        .anyMatch(model -> anyAbove(model.model().contributions(history, item)));
    boolean neither = parts[0] + parts[1] <= 0 && !taken;
    return Shares.of(parts[0] / content, parts[1] / content, taken ? 1 : 0, neither ? 1 : 0);
  }

  /** What text and picture of an item add to its inner product with a vector, where they add. */
  static double[] contentParts(ItemSpace items, int item, float[] vector) {
    double[] parts = new double[2];
    for (int m = 0; m < items.modalities().size(); m++) {
      double part = Math.max(0, items.dot(vector, m, item));
      parts[CandidateSignals.channel(items.modalities().get(m)) == Channel.IMAGE ? 1 : 0] += part;
    }
    return parts;
  }

  /** The strongest items of the history with their weights, the strongest first. */
  private Map<Integer, Double> because(int item, Shares shares, UserProfile.Influences content,
      List<float[][]> added, int place, int[] history) {
    double[] weights = new double[history.length];
    if (shares.text() + shares.image() > 0) {
      double[] amounts = content.on(signals.items().fused(item));
      addNormalised(weights, history.length - content.size(), h -> amounts[h], content.size(),
          shares.text() + shares.image());
    }
    for (int m = 0; m < added.size(); m++) {
      ModelSignal model = signals.models().get(m);
      double share = switch (model.signal().channel()) {
        case COLLABORATIVE -> shares.collaborative();
        case TEXT, IMAGE -> shares.text() + shares.image();
        case POPULARITY, CONTEXT -> 0;
      };
      if (share > 0) {
        float[] amounts = added.get(m)[place];
        addNormalised(weights, 0, h -> amounts[h], history.length, share);
      }
    }
    return strongest(weights, history);
  }

  private static Map<Integer, Double> strongest(double[] weights, int[] history) {
    double sum = 0;
    TopItems top = new TopItems(Math.min(REASONS, weights.length));
    for (int h = 0; h < weights.length; h++) {
      sum += weights[h];
      if (weights[h] > 0) {
        top.offer(h, (float) weights[h]);
      }
    }
    Map<Integer, Double> reasons = new LinkedHashMap<>();
    for (int h : top.drain().items()) {
      reasons.put(history[h], Math.min(1, weights[h] / sum));
    }
    return reasons;
  }

  private static boolean anyAbove(float[] amounts) {
    for (float amount : amounts) {
      if (amount > 0) {
        return true;
      }
    }
    return false;
  }

  /** Adds positive amounts in proportion, so many, to the weights from an offset on. */
  private static void addNormalised(double[] weights, int offset, IntToDoubleFunction amounts, int count,
      double share) {
    double sum = 0;
    for (int h = 0; h < count; h++) {
      sum += Math.max(0, amounts.applyAsDouble(h));
    }
    for (int h = 0; h < count && sum > 0; h++) {
      weights[offset + h] += share * Math.max(0, amounts.applyAsDouble(h)) / sum;
    }
  }
}
