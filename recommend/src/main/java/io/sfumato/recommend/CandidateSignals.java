package io.sfumato.recommend;

import io.sfumato.fusion.user.UserProfile;
import io.sfumato.recommend.collaborative.ContentRidge;
import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.ranking.CandidateList;
import io.sfumato.recommend.ranking.Channel;
import io.sfumato.recommend.ranking.FeatureSet;
import io.sfumato.recommend.ranking.Signal;
import io.sfumato.recommend.retrieval.CandidateRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the sources say of candidates, the same in training, evaluation and serving: with the user vector u of a history, {@code similarity.<modality>} is {@code u·part} of
 * that modality, {@code similarity} is {@code u·fused} (left out where there is one modality, being the same), and each item model gives its score under its name.
 *
 * <p>Thread-safe.
 */
public final class CandidateSignals {
  /** The signal of the fused vectors. */
  public static final String SIMILARITY = "similarity";

  private final ItemSpace items;
  private final UserProfile profile;
  private final Map<String, ModelSignal> models = new LinkedHashMap<>();
  private final List<ModelSignal> modelList;
  private final CandidateRule rule;

  /**
   * @param items of the profile's dimension
   * @param models with different names
   */
  public CandidateSignals(ItemSpace items, UserProfile profile, List<ModelSignal> models) {
    this.items = items;
    this.profile = profile;
    this.modelList = List.copyOf(models);
    models.forEach(model -> this.models.put(model.signal().name(), model));
    this.rule = new CandidateRule(models.stream().map(ModelSignal::model).toList(), CandidateRule.RANK_ALL_BELOW);
    if (profile.dimension() != items.dimension()) {
      throw new RecommendException("DIMENSION_MISMATCH",
          "the user profile has dimension %d but the items %d; they must come from one training".formatted(
              profile.dimension(), items.dimension()));
    }
  }

  /** All signals that a ranker can be trained on, in the order in which {@link FeatureSet#of} should get them. */
  public List<Signal> sources() {
    List<Signal> sources = new ArrayList<>();
    if (items.modalities().size() > 1) {
      sources.add(new Signal(SIMILARITY, Channel.TEXT, false)); // explained by its parts, see Explainer
    }
    for (String modality : items.modalities()) {
      sources.add(new Signal(SIMILARITY + "." + modality, channel(modality), false));
    }
    models.values().forEach(model -> sources.add(model.signal()));
    return List.copyOf(sources);
  }

  /** How a modality counts in explanations: pictures are {@code image…}, all others count as text. */
  static Channel channel(String modality) {
    return modality.startsWith("image") ? Channel.IMAGE : Channel.TEXT;
  }

  /** The items that it scores. */
  public ItemSpace items() {
    return items;
  }

  /** The user tower. */
  public UserProfile profile() {
    return profile;
  }

  /** The item models. */
  public List<ModelSignal> models() {
    return modelList;
  }

  /** The user vector of a history, oldest first: unit length, or zeros where nothing is known. */
  public float[] userVector(int[] history) {
    return profile.vector(vectors(history));
  }

  /** The fused vectors of the items of a history that the profile looks at: the newest. */
  List<float[]> vectors(int[] history) {
    int from = Math.max(0, history.length - profile.historyLength());
    List<float[]> vectors = new ArrayList<>(history.length - from);
    for (int h = from; h < history.length; h++) {
      vectors.add(items.fused(history[h]));
    }
    return vectors;
  }

  /**
   * The items that are ranked for a history, by the rule by which the recommender serves ({@link CandidateRule}), all vectors being compared where it would walk a graph.
   *
   * @param userVector from {@link #userVector}
   * @param history distinct item indices, oldest first
   * @param allowed item indices
   */
  public int[] candidates(float[] userVector, int[] history, BitSet allowed) {
    return rule.choose(userVector, history, new AllowedOf(items, allowed), CandidateRule.PER_SOURCE);
  }

  /**
   * What a feature set wants to know of candidates.
   *
   * @param userVector from {@link #userVector}
   * @param history distinct item indices, oldest first
   * @param candidates distinct item indices
   * @param timestamp unix seconds, 0 unknown
   * @throws RecommendException {@code UNKNOWN_SIGNAL} where the feature set has a source that is none of these
   */
  public CandidateList list(FeatureSet features, float[] userVector, int[] history, int[] candidates, long timestamp) {
    List<Signal> wanted = features.sources();
    float[] @Nullable [] scores = new float[wanted.size()][];
    for (int s = 0; s < scores.length; s++) {
      scores[s] = scores(wanted.get(s).name(), userVector, history, candidates);
    }
    return new CandidateList(history, candidates, scores, timestamp);
  }

  private float[] scores(String signal, float[] userVector, int[] history, int[] candidates) {
    ModelSignal model = models.get(signal);
    if (model != null) {
      boolean unknown = history.length == 0 && model.signal().channel() != Channel.POPULARITY;
      return unknown ? absent(candidates) : scores(model.model(), known(model.model(), history), candidates);
    }
    if (signal.startsWith(SIMILARITY) && AllowedOf.isZero(userVector)) {
      return absent(candidates);
    }
    if (signal.equals(SIMILARITY)) {
      return similarities(userVector, candidates);
    }
    if (signal.startsWith(SIMILARITY + ".")) {
      int modality = items.modalities().indexOf(signal.substring(SIMILARITY.length() + 1));
      if (modality >= 0) {
        return similarities(userVector, modality, candidates);
      }
    }
    throw new RecommendException("UNKNOWN_SIGNAL",
        "the ranker wants the signal '%s' but there are %s; train ranker and models together".formatted(signal,
            sources().stream().map(Signal::name).toList()));
  }

  private float[] similarities(float[] userVector, int[] candidates) {
    float[] out = new float[candidates.length];
    items.dots(userVector, candidates, out);
    return out;
  }

  /** Someone without a history has no taste: what depends on it says nothing, instead of the same of all that it knows. */
  private static float[] absent(int[] candidates) {
    float[] out = new float[candidates.length];
    Arrays.fill(out, Float.NaN);
    return out;
  }

  private float[] similarities(float[] userVector, int modality, int[] candidates) {
    float[] out = new float[candidates.length];
    items.dots(userVector, modality, candidates, out);
    return out;
  }

  private float[] scores(ItemModel model, int[] history, int[] candidates) {
    float[] scores = new float[candidates.length];
    model.scoreItems(history, candidates, scores);
    if (model instanceof ContentRidge ridge) {
      float[] taste = null;
      for (int i = 0; i < scores.length; i++) {
        float[] content = items.content(candidates[i]); // of an item that came later, or was replaced
        if (content != null && content.length == ridge.width()) { // a log may say anything
          taste = taste == null ? ridge.taste(history) : taste;
          scores[i] = ridge.score(taste, content);
        }
      }
    }
    return scores;
  }

  /** The items of a history that a model can take: those that were there when it was trained. */
  static int[] known(ItemModel model, int[] history) {
    for (int item : history) {
      if (item >= model.itemCount()) {
        return Arrays.stream(history).filter(known -> known < model.itemCount()).toArray();
      }
    }
    return history;
  }
}
