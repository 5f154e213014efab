package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.recommend.evaluation.DotProductScorer;
import io.sfumato.recommend.evaluation.Scorer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Reads saved item models, and makes scorers of models. */
public final class ItemModels {
  private ItemModels() {}

  /**
   * Reads a model that {@link ItemModel#save} wrote.
   *
   * @throws EncoderException where the file is missing or damaged, {@code UNSUPPORTED_MODEL} where it holds something else
   */
  public static ItemModel load(Path file) {
    try (SafeTensors tensors = SafeTensors.read(file)) {
      String name = tensors.metadata().getOrDefault("model", "");
      return switch (name) {
        case Popularity.NAME -> Popularity.load(tensors);
        case ItemKnn.NAME -> ItemKnn.load(tensors);
        case Ease.NAME, Ease.WITH_CONTENT, Ease.IN_CONTEXT -> Ease.load(name, tensors);
        case Transitions.NAME -> Transitions.load(tensors);
        case Spectral.NAME -> Spectral.load(tensors);
        case ContentRidge.NAME -> ContentRidge.load(tensors);
        default -> throw new EncoderException("UNSUPPORTED_MODEL",
            file + " holds no item model but '" + name + "'; train again with this version");
      };
    }
  }

  static void write(Path file, ItemModel model, List<FloatTensor> tensors) {
    write(file, model, tensors, "");
  }

  static void write(Path file, ItemModel model, List<FloatTensor> tensors, String blocks) {
    SafeTensors.write(file, tensors, Map.of("model", model.name(), "blocks", blocks));
  }

  /**
   * A model as a scorer of some users by what they took, for evaluation. The regression of taste on content is scored by blocks of users, as a matrix product.
   *
   * @param known what is known of each user
   * @param users who will be scored; scores of others mean nothing
   */
  public static Scorer scorer(ItemModel model, Interactions known, IntPredicate users) {
    if (!(model instanceof ContentRidge ridge) || ridge.itemCount() == 0) {
      return scorer(model.name(), model, known::itemsOf);
    }
    float[][] features = ridge.mapped().rows();
    float[] nobody = new float[features[0].length];
    float[][] tastes = new float[known.userCount()][];
    for (int user = 0; user < tastes.length; user++) {
      tastes[user] = users.test(user) ? ridge.taste(known.itemsOf(user)) : nobody;
    }
    return new DotProductScorer(model.name(), tastes, features);
  }

  /**
   * A model as a scorer of users, for evaluation.
   *
   * @param histories what is known of each user: item indices, oldest first
   */
  public static Scorer scorer(String name, ItemModel model, IntFunction<int[]> histories) {
    return new Scorer() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void score(int user, float[] scores) {
        model.score(histories.apply(user), scores);
      }
    };
  }
}
