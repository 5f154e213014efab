package io.sfumato.fusion;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Blends the vectors of N modalities into one: {@code fused = unit(Σ_m w_m v_m)} with weights that are non-negative and sum to one.
 *
 * <p>A modality that an item lacks is neither zero nor an average: its weight is taken out and the others are scaled up to sum to one, so an item with one modality has that modality's vector.
 * Where a fixed weight leaves nothing (all the weight on a modality that the item lacks), those present share equally.
 * An item without any modality has the zero vector and zero weights. For text and image this is {@code (1−a)·text + a·image}.
 *
 * <p>Owns its parameters: close it. Not for several threads while it trains; afterwards any number may call it.
 */
public sealed interface Fusion extends Layer permits FixedFusion, LearnedFusion, GatedFusion {
  /** A floor under lengths, so that the zero vector stays zero. */
  double TINY = 1e-12;

  /** How the weights come about. */
  FusionKind kind();

  /** Names of the modalities, N of them. */
  List<String> modalities();

  /**
   * The weights of each item.
   *
   * @param vectors N arrays [n, d] of unit rows; the rows of a modality that an item lacks are ignored but must be finite
   * @param presence float32 [n, N], 1 where the item has the modality, else 0
   * @param tape records the trained weights' use for private training; null otherwise
   * @return [n, N]: rows sum to one, or to zero for an item without any modality
   */
  NDArray weights(Scope scope, List<NDArray> vectors, NDArray presence, @Nullable Tape tape);

  /** Blends: arguments as for {@link #weights}. */
  default Fused fuse(Scope scope, List<NDArray> vectors, NDArray presence, @Nullable Tape tape) {
    if (vectors.size() != modalities().size()) {
      throw new FusionException("DIMENSION_MISMATCH",
          "the fusion blends %s but got vectors of %d modalities".formatted(modalities(), vectors.size()));
    }
    NDArray weights = weights(scope, vectors, presence, tape);
    NDArray sum = scope.own(vectors.get(0).mul(weights.get(":, 0:1")));
    for (int m = 1; m < vectors.size(); m++) {
      sum = sum.add(scope.own(vectors.get(m).mul(weights.get(":, " + m + ":" + (m + 1)))));
    }
    return new Fused(TensorRuntime.get().kernels().unit(scope, sum), weights);
  }

  /**
   * What a fusion returns.
   *
   * @param vectors [n, d], unit rows
   * @param weights [n, N]
   */
  record Fused(NDArray vectors, NDArray weights) {}

  /**
   * A fusion of a kind that begins with given weights.
   *
   * @param modalities names, at least one
   * @param weights one a modality, not negative, summing to one
   * @param dimension length d of the vectors
   */
  static Fusion create(FusionKind kind, List<String> modalities, double[] weights, int dimension) {
    return switch (kind) {
      case FIXED -> new FixedFusion(modalities, weights);
      case LEARNED -> new LearnedFusion(modalities, weights);
      case GATED -> new GatedFusion(modalities, weights, dimension);
    };
  }

  /** The sum of masked raw weights made one, row by row; rows of zeros stay zeros. */
  static NDArray normalise(NDArray raw) {
    NDArray sum = raw.sum(new int[]{1}, true);
    return raw.div(sum.add(sum.lte(0).toType(raw.getDataType(), false)));
  }

  /** Checks names and weights, and returns the weights scaled to sum to exactly one. */
  static double[] check(List<String> modalities, double[] weights) {
    if (modalities.isEmpty() || modalities.size() != weights.length) {
      throw new FusionException("DIMENSION_MISMATCH",
          "%d weights do not fit the modalities %s".formatted(weights.length, modalities));
    }
    double sum = 0;
    for (int m = 0; m < weights.length; m++) {
      if (!(weights[m] >= 0 && weights[m] <= 1)) {
        throw new FusionException("BAD_OPTION",
            "weight of %s must be in [0, 1] but was %s".formatted(modalities.get(m), weights[m]));
      }
      sum += weights[m];
    }
    if (!(Math.abs(sum - 1) < 1e-6)) {
      throw new FusionException("BAD_OPTION", "weights of %s must sum to 1 but sum to %s".formatted(modalities, sum));
    }
    return weights.clone();
  }

  /** Parameters by name, for checkpoints; none for a fixed fusion. */
  @Override
  List<Parameter> parameters();

  @Override
  void close();
}
