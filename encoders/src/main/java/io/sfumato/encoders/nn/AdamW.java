package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), one fused kernel for all parameters of a group. A
 * parameter takes part in a step when it is trainable and has a gradient; its two means are made at its first step.
 * Owns their native memory: to be closed. For one thread.
 */
public final class AdamW implements AutoCloseable {
  private final List<Parameter> parameters;
  private final AdamWConfig config;
  private final ToDoubleFunction<Parameter> rate;
  private final Map<Parameter, Moments> moments = new LinkedHashMap<>();

  /** Running means of gradient and squared gradient, and the number of steps, all native. */
  private record Moments(NDArray first, NDArray second, NDArray steps) {
    static Moments zero(NDManager owner, Shape shape) {
      return new Moments(owner.zeros(shape), owner.zeros(shape), owner.zeros(new Shape()));
    }

    void close() {
      first.close();
      second.close();
      steps.close();
    }
  }

  /** Settings of one call of the kernel. */
  private record Group(double rate, double decay) {}

  /** An optimiser with one learning rate for all. */
  public AdamW(List<Parameter> parameters, AdamWConfig config) {
    this(parameters, config, parameter -> 1);
  }

  /**
   * An optimiser with a learning rate a parameter.
   *
   * @param parameters all that may ever be trained; one that appears twice counts once
   * @param rate factor on the learning rate of a parameter, such as 100 for a fusion weight
   */
  public AdamW(List<Parameter> parameters, AdamWConfig config, ToDoubleFunction<Parameter> rate) {
    this.parameters = List.copyOf(new LinkedHashSet<>(parameters));
    this.config = config;
    this.rate = rate;
    Map<String, Parameter> names = new LinkedHashMap<>();
    for (Parameter parameter : this.parameters) {
      if (names.put(parameter.name(), parameter) != null) {
        throw new IllegalArgumentException("two parameters are named " + parameter.name());
      }
    }
  }

  /** One step along the gradients that backward passes have added up. */
  public void step(double lr) {
    try (Scope scope = TensorRuntime.get().scope()) {
      step(lr, gradients(scope));
    }
  }

  /**
   * One step along given gradients, such as a private step's noisy sums.
   *
   * @param lr learning rate, at least 0
   * @param gradients by parameter, each of the parameter's shape
   */
  public void step(double lr, Map<Parameter, NDArray> gradients) {
    Map<Group, List<Parameter>> groups = new LinkedHashMap<>();
    for (Parameter parameter : gradients.keySet()) {
      double decay = parameter.shape().dimension() >= 2 ? config.weightDecay() : 0;
      groups.computeIfAbsent(new Group(rate.applyAsDouble(parameter), decay), key -> new ArrayList<>()).add(parameter);
    }
    try (Scope scope = TensorRuntime.get().scope()) {
      groups.forEach((group, members) -> update(scope, lr * group.rate(), group.decay(), members, gradients));
    }
  }

  private void update(Scope scope, double lr, double decay, List<Parameter> members,
      Map<Parameter, NDArray> gradients) {
    List<NDArray> values = new ArrayList<>();
    List<NDArray> steepest = new ArrayList<>();
    List<NDArray> first = new ArrayList<>();
    List<NDArray> second = new ArrayList<>();
    List<NDArray> steps = new ArrayList<>();
    for (Parameter parameter : members) {
      Moments own = moments.computeIfAbsent(parameter, key -> Moments.zero(owner(), key.shape()));
      values.add(parameter.value());
      steepest.add(Objects.requireNonNull(gradients.get(parameter)));
      first.add(own.first());
      second.add(own.second());
      steps.add(own.steps());
    }
    kernels().adamw(scope, values, steepest, first, second, steps, lr, config.beta1(), config.beta2(), decay,
        config.eps());
  }

  /** Sets the gradients of all parameters to zero. */
  public void zeroGradients() {
    parameters.forEach(Parameter::zeroGradient);
  }

  /** Euclidean length of the gradient over all trainable parameters; NaN or infinite when training has gone astray. */
  public double gradientNorm() {
    try (Scope scope = TensorRuntime.get().scope()) {
      return norm(scope, List.copyOf(gradients(scope).values()));
    }
  }

  /**
   * Shortens the gradient, all parameters together, to a length.
   *
   * @param limit above 0
   * @return its length before
   */
  public double clipGradients(double limit) {
    if (!(limit > 0)) {
      throw new IllegalArgumentException("gradient limit must be above 0 but was " + limit);
    }
    try (Scope scope = TensorRuntime.get().scope()) {
      List<NDArray> gradients = List.copyOf(gradients(scope).values());
      double norm = norm(scope, gradients);
      if (norm > limit) {
        kernels().scale(scope, gradients, limit / norm);
      }
      return norm;
    }
  }

  private static double norm(Scope scope, List<NDArray> gradients) {
    if (gradients.isEmpty()) {
      return 0;
    }
    double square = 0;
    for (float part : kernels().norms(scope, gradients).toFloatArray()) {
      square += (double) part * part;
    }
    return Math.sqrt(square);
  }

  private Map<Parameter, NDArray> gradients(Scope scope) {
    Map<Parameter, NDArray> found = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      @Nullable
      NDArray gradient = parameter.trainable() ? parameter.gradient(scope) : null;
      if (gradient != null) {
        found.put(parameter, gradient);
      }
    }
    return found;
  }

  /**
   * The state by name, for resuming: {@code <parameter>.exp_avg}, {@code .exp_avg_sq} (of the parameter's size) and
   * {@code .step} (one number). With it and the parameters restored, training goes on bit by bit as if never stopped.
   */
  public Map<String, float[]> state() {
    Map<String, float[]> state = new LinkedHashMap<>();
    moments.forEach((parameter, own) -> {
      state.put(parameter.name() + ".exp_avg", own.first().toFloatArray());
      state.put(parameter.name() + ".exp_avg_sq", own.second().toFloatArray());
      state.put(parameter.name() + ".step", own.steps().toFloatArray());
    });
    return state;
  }

  /**
   * Takes over what {@link #state()} gave; parameters that it does not name start anew.
   *
   * @throws EncoderException {@code OPTIMIZER_STATE_MISMATCH} when a part is missing or of another size
   */
  public void load(Map<String, float[]> state) {
    close();
    for (Parameter parameter : parameters) {
      if (state.containsKey(parameter.name() + ".step")) {
        moments.put(parameter, new Moments(restored(state, parameter, ".exp_avg", parameter.shape()),
            restored(state, parameter, ".exp_avg_sq", parameter.shape()),
            restored(state, parameter, ".step", new Shape())));
      }
    }
  }

  private static NDArray restored(Map<String, float[]> state, Parameter parameter, String part, Shape shape) {
    float[] values = state.get(parameter.name() + part);
    if (values == null || values.length != shape.size()) {
      throw new EncoderException("OPTIMIZER_STATE_MISMATCH", "Optimiser state " + parameter.name() + part + " has "
          + (values == null ? "no" : values.length) + " values, the model has " + shape.size()
          + ": resume with the model that the state was saved with");
    }
    return TensorRuntime.get().permanentFloats(values, shape);
  }

  /** Frees the running means. */
  @Override
  public void close() {
    moments.values().forEach(Moments::close);
    moments.clear();
  }

  private static NDManager owner() {
    return TensorRuntime.get().permanent();
  }

  private static Kernels kernels() {
    return TensorRuntime.get().kernels();
  }
}
