package io.sfumato.encoders.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One vector of a text's states: one or several summaries, one after the other.
 *
 * @param modes the summaries in their order, one at least
 */
public record Pooling(List<Mode> modes) {
  /** A summary of the states of a text's own tokens, as in sentence-transformers. */
  public enum Mode {
    /** The first token's state. */
    CLS("pooling_mode_cls_token"),
    /** The largest value of each feature. */
    MAX("pooling_mode_max_tokens"),
    /** The mean. */
    MEAN("pooling_mode_mean_tokens"),
    /** The sum over the square root of the number of tokens. */
    MEAN_SQRT_LEN("pooling_mode_mean_sqrt_len_tokens"),
    /** The mean with weights 1, 2, 3, …. */
    WEIGHTED_MEAN("pooling_mode_weightedmean_tokens"),
    /** The last token's state. */
    LAST_TOKEN("pooling_mode_lasttoken");

    private final String key;

    Mode(String key) {
      this.key = key;
    }

    /** Its switch in sentence-transformers' configuration. */
    String key() {
      return key;
    }

    /** Its name without separators, such as {@code meansqrtlen}. */
    String plainName() {
      return name().toLowerCase(Locale.ROOT).replace("_", "");
    }
  }

  /** The mean of the states. */
  public static final Pooling MEAN = of(Mode.MEAN);

  public Pooling {
    modes = List.copyOf(modes);
    if (modes.isEmpty()) {
      throw new IllegalArgumentException("pooling needs one mode at least of " + Arrays.toString(Mode.values()));
    }
  }

  /** Several summaries. */
  public static Pooling of(Mode... modes) {
    return new Pooling(List.of(modes));
  }

  /**
   * Reads names such as {@code mean} or {@code cls+max}; separators inside a name do not matter
   * ({@code mean_sqrt_len}, {@code lasttoken}).
   *
   * @throws IllegalArgumentException when a name is none of the modes
   */
  public static Pooling parse(String text) {
    return new Pooling(Arrays.stream(text.split("[+,]", -1)).map(Pooling::mode).toList());
  }

  private static Mode mode(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
    return Arrays.stream(Mode.values())
        .filter(mode -> mode.plainName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("pooling must be one or several (joined by +) of "
            + Arrays.stream(Mode.values()).map(mode -> mode.name().toLowerCase(Locale.ROOT)).toList() + " but was '"
            + text + "'"));
  }

  /** The length of the vector that is made of states of a width. */
  int dimension(int width) {
    return Math.multiplyExact(modes.size(), width);
  }

  /** States [n, t, width] to vectors [n, modes · width]. */
  NDArray apply(Scope scope, NDArray states, PaddedTokens batch) {
    List<NDArray> parts = new ArrayList<>();
    modes.forEach(mode -> parts.add(apply(scope, states, batch, mode)));
    return parts.size() == 1 ? parts.get(0) : scope.own(NDArrays.concat(new NDList(parts), 1));
  }

  private static NDArray apply(Scope scope, NDArray states, PaddedTokens batch, Mode mode) {
    Kernels kernels = TensorRuntime.get().kernels();
    return switch (mode) {
      case MEAN -> kernels.maskedMean(scope, states, batch.mask());
      case MAX -> scope.own(hidden(scope, states, batch).max(new int[]{1}));
      case CLS, MEAN_SQRT_LEN, WEIGHTED_MEAN, LAST_TOKEN -> weighted(scope, states, batch, mode);
    };
  }

  /** The states with those of padding far below all others. */
  private static NDArray hidden(Scope scope, NDArray states, PaddedTokens batch) {
    NDArray below = TensorRuntime.get().kernels().scaled(scope, scope.own(batch.mask().sub(1)), 1e9);
    return scope.own(states.add(below.expandDims(2)));
  }

  private static NDArray weighted(Scope scope, NDArray states, PaddedTokens batch, Mode mode) {
    int n = batch.texts().size();
    int t = batch.longest();
    float[] weights = new float[n * t];
    for (int i = 0; i < n; i++) {
      int tokens = batch.texts().get(i).size();
      switch (mode) {
        case CLS -> weights[i * t] = 1;
        case LAST_TOKEN -> weights[i * t + tokens - 1] = 1;
        case MEAN_SQRT_LEN -> Arrays.fill(weights, i * t, i * t + tokens, (float) (1 / Math.sqrt(tokens)));
        default -> {
          for (int j = 0; j < tokens; j++) {
            weights[i * t + j] = (float) (2.0 * (j + 1) / ((double) tokens * (tokens + 1)));
          }
        }
      }
    }
    return pick(scope, states, weights);
  }

  /** Σ over positions of weight · state: states [n, t, width], weights n · t; result [n, width]. */
  static NDArray pick(Scope scope, NDArray states, float[] weights) {
    long n = states.getShape().get(0);
    long t = states.getShape().get(1);
    NDArray factors = scope.floats(weights, n, 1, t);
    return scope.own(factors.matMul(states).reshape(n, states.getShape().get(2)));
  }

  @Override
  public String toString() {
    return modes.stream().map(mode -> mode.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining("+"));
  }
}
