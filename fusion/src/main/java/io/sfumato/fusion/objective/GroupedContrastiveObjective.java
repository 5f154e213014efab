package io.sfumato.fusion.objective;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.privacy.training.Sensitivity;
import java.util.Arrays;
import java.util.List;

/**
 * Symmetric InfoNCE inside small groups of private pairs: a text is to find its own image among the images of its group alone, and the other way round. A group of one has the loss zero.
 *
 * <p>Sensitivity: unit record (a pair), D = 2C. The gradient of a group is clipped to C as a whole, so a pair that comes or goes changes one group's contribution from one vector of length at most C to
 * another. This holds where a pair's group is told by the pair's own coin, such as {@link #groupOf} of its id, and never by cutting the batch into chunks, where one pair more would move all that come after it.
 * The signal grows with the number of groups, unlike that of one clipped InfoNCE over the batch.
 */
public final class GroupedContrastiveObjective implements Objective {
  private static final double HIDE = -1e9;

  private final double temperature;
  private final int[] groups;
  private final int count;

  /**
   * The objective of one batch.
   *
   * @param temperature τ, positive
   * @param groups group of each row of the batch, in [0, count): the tape's example of that row
   * @param count number of groups
   */
  public GroupedContrastiveObjective(double temperature, int[] groups, int count) {
    if (!(temperature > 0)) {
      throw new FusionException("BAD_OPTION", "contrastive temperature must be positive but was " + temperature);
    }
    if (Arrays.stream(groups).anyMatch(group -> group < 0 || group >= count)) {
      throw new FusionException("BAD_OPTION", "groups must be in [0, %d) but were %s".formatted(count,
          Arrays.toString(groups)));
    }
    this.temperature = temperature;
    this.groups = groups.clone();
    this.count = count;
  }

  /**
   * The group of a pair by a hash of its own id and nothing else.
   *
   * @param salt drawn anew for each step, so that groups change
   * @param count number of groups: pairs expected in a batch, divided by the wanted size of a group
   */
  public static int groupOf(String id, long salt, int count) {
    long mixed = salt;
    for (int i = 0; i < id.length(); i++) {
      mixed = (mixed ^ id.charAt(i)) * 0x9E3779B97F4A7C15L;
      mixed ^= mixed >>> 29;
    }
    return (int) Long.remainderUnsigned((mixed * 0xBF58476D1CE4E5B9L) >>> 17, count);
  }

  @Override
  public String name() {
    return "grouped contrastive";
  }

  @Override
  public NDArray loss(Scope scope, StepBatch batch) {
    return unitLosses(scope, batch).mean();
  }

  /** Mean over both directions and summed over pairs of modalities and over a group's items, [count]. */
  @Override
  public NDArray unitLosses(Scope scope, StepBatch batch) {
    if (batch.presence()[0].length != groups.length) {
      throw new FusionException("DIMENSION_MISMATCH",
          "%d groups do not fit a batch of %d rows".formatted(groups.length, batch.presence()[0].length));
    }
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray sum = scope.floats(new float[count], count);
    for (Pairs pairs : Pairs.of(scope, batch.vectors(), batch.presence())) {
      int m = pairs.count();
      float[] apart = new float[m * m];
      long[] own = new long[m];
      for (int i = 0; i < m; i++) {
        own[i] = groups[pairs.rows()[i]];
        for (int j = 0; j < m; j++) {
          apart[i * m + j] = own[i] == groups[pairs.rows()[j]] ? 0 : 1;
        }
      }
      if (m > 0) {
        NDArray cosines = pairs.first().matMul(pairs.second().transpose());
        NDArray logits = kernels.scaled(scope, cosines, 1 / temperature)
            .add(kernels.scaled(scope, scope.floats(apart, m, m), HIDE));
        NDArray both = Pairs.ownLosses(scope, logits).add(Pairs.ownLosses(scope, logits.transpose()));
        NDArray each = kernels.scaled(scope, both, 0.5);
        sum = sum.add(kernels.indexAdd(scope, count, scope.longs(own, m), each));
      }
    }
    return sum;
  }

  @Override
  public Sensitivity sensitivity() {
    return Sensitivity.record(2);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
