package io.sfumato.privacy.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Autograd;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.Mechanism;
import io.sfumato.privacy.accounting.NoiseSource;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.Release;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of one logical training step, made private (Abadi et al. 2016): each unit's gradient is clipped, the
 * clipped gradients are added up over any number of physical batches, and {@link #release} gives the sum with noise on
 * every coordinate of every trainable parameter, touched or not, divided by a constant. One release is one step of
 * {@link #mechanism}.
 *
 * <p>
 * What the caller answers for: units are drawn by a {@link PoissonSampler} of the rate that is accounted; every unit is
 * in at most one physical batch of a logical step; and its loss depends on no other unit's data, or as far as the
 * {@link Sensitivity} allows.
 *
 * <p>
 * Holds one float32 buffer a parameter between accumulation and release: close it. For one thread.
 */
public final class PrivateStep implements AutoCloseable {
  /** Length of the gradient that stands for an endless one: far above any clipping norm, and its square is a float32. */
  private static final float ENDLESS = 1e12f;

  private final Set<Parameter> released;
  private final Sensitivity sensitivity;
  private final ClipRule rule;
  private final double sigma;
  private final double expectedUnits;
  private final NoiseGenerator noise;
  private final long stepsAllowed;
  private final Map<Parameter, NDArray> sums = new LinkedHashMap<>();
  private final TreeMap<Integer, Long> batchSizes = new TreeMap<>();
  private final @Nullable PlantedDirections directions;
  /** What each canary adds to this step, 0 where it was not drawn. */
  private float[] planted = {};
  private int unitsOfStep;
  private long units;
  private long steps;
  private boolean closed;

  private PrivateStep(Builder builder, Sensitivity sensitivity) {
    this.released = new LinkedHashSet<>(builder.parameters);
    this.sensitivity = sensitivity;
    this.sigma = builder.sigma;
    this.rule = ClipRule.of(builder.clipping, sensitivity, builder.sigma);
    this.expectedUnits = builder.expectedUnits;
    this.noise = builder.noise == null ? NoiseGenerator.secure() : builder.noise;
    this.stepsAllowed = builder.stepsAllowed(sensitivity);
    this.directions = builder.directions;
    if (directions != null) {
      directions.bind(released);
      planted = new float[directions.canaries()];
    }
  }

  /** Begins with the parameters of a model: those that are trainable now are what every step releases. */
  public static Builder builder(Collection<Parameter> parameters) {
    return new Builder(parameters);
  }

  /**
   * A tape for the forward pass of one physical batch of {@code units} units; refuses trainable parameters that pass it
   * by.
   */
  public Tape tape(Scope scope, int units) {
    checkOpen();
    return new Tape(scope, units, released);
  }

  /**
   * Backward pass of one physical batch, norms and clipping; the clipped sum is added to what the step holds.
   *
   * @param scope of the batch; nothing of it is held afterwards
   * @param tape from {@link #tape}, used by the forward pass
   * @param lossSum the sum of the units' losses, not their mean
   * @throws io.sfumato.encoders.EncoderException {@code NOT_PRIVATE}, naming a trainable parameter that the tape
   *        did not see
   * @throws PrivacyException {@code NOT_RELEASED}, naming a trainable parameter that the step was not given
   */
  public void accumulate(Scope scope, Tape tape, NDArray lossSum) {
    checkOpen();
    if (tape.examples() == 0) {
      return;
    }
    tape.backward(lossSum);
    try (GradMode off = TensorRuntime.get().inference()) {
      double[] shares = shares(tape);
      float[][] squares = squares(tape);
      boolean[] left = rule.notFinite(squares);
      if (left.length > 0) {
        tape.leaveOut(left);
        squares = squares(tape);
      }
      float[][] factors = rule.factors(squares, shares, left);
      tape.clippedSums(layer -> factors(scope, factors[rule.byLayer() ? layer : 0]), this::add);
    }
    unitsOfStep += tape.examples();
  }

  private static NDArray factors(Scope scope, float[] values) {
    return scope.floats(values, values.length);
  }

  /** Squared norms by group and unit; all layers are one group unless each is clipped on its own. */
  private float[][] squares(Tape tape) {
    return rule.byLayer()
        ? tape.gradients().stream().map(layer -> layer.squaredNorms().toFloatArray()).toArray(float[][]::new)
        : new float[][]{tape.squaredNorms().toFloatArray()};
  }

  /** Share of each group in the squared bound: that of its parameters among all that are released. */
  private double[] shares(Tape tape) {
    List<Parameter> seen = new ArrayList<>();
    double[] shares = tape.layers().stream().mapToDouble(layer -> {
      List<Parameter> own = layer.parameters().stream().filter(Parameter::trainable).toList();
      seen.addAll(own);
      return (double) own.size() / released.size();
    }).toArray();
    for (Parameter parameter : seen) {
      if (!released.contains(parameter)) {
        throw new PrivacyException("NOT_RELEASED", "parameter " + parameter.name()
            + " is trained but not released by this step: give it to PrivateStep.builder, or freeze it");
      }
    }
    return rule.byLayer() ? shares : new double[]{1};
  }

  /**
   * One unit by an ordinary backward pass, for modules that no tape sees into; adds its clipped gradient to what the
   * step holds. With clipping by layer each parameter is a layer of its own.
   *
   * @param scope of the unit; nothing of it is held afterwards
   * @param unitLoss the loss of this unit alone, from a forward pass without a tape
   */
  public void accumulateAlone(Scope scope, NDArray unitLoss) {
    checkOpen();
    List<Parameter> all = List.copyOf(released);
    List<@Nullable NDArray> found = Autograd.gradients(scope, unitLoss, all.stream().map(Parameter::value).toList());
    try (GradMode off = TensorRuntime.get().inference()) {
      List<Parameter> touched = new ArrayList<>();
      List<NDArray> gradients = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        NDArray gradient = found.get(i);
        if (gradient != null) {
          touched.add(all.get(i));
          gradients.add(gradient);
        }
      }
      float[] norms = gradients.isEmpty() ? new float[0] : kernels().norms(scope, gradients).toFloatArray();
      float[][] squares = rule.byLayer() && norms.length > 0 ? new float[norms.length][1] : new float[1][1];
      double[] shares = new double[squares.length];
      Arrays.fill(shares, rule.byLayer() ? 1.0 / released.size() : 1);
      for (int i = 0; i < norms.length; i++) {
        squares[rule.byLayer() ? i : 0][0] += norms[i] * norms[i];
      }
      boolean[] left = rule.notFinite(squares);
      float[][] factors = rule.factors(squares, shares, left);
      for (int i = 0; left.length == 0 && i < norms.length; i++) {
        add(touched.get(i), kernels().scaled(scope, gradients.get(i), factors[rule.byLayer() ? i : 0][0]));
      }
    }
    unitsOfStep++;
  }

  /**
   * Canaries that were drawn for this step, as units like any other: each adds what clipping leaves of an endless gradient along its coordinate.
   *
   * @param canaries numbers of those drawn, each once
   * @throws IllegalStateException where the step was built without directions
   */
  public void plant(int[] canaries) {
    checkOpen();
    if (directions == null) {
      throw new IllegalStateException("there are no canaries: give their directions to PrivateStep.builder");
    }
    if (canaries.length == 0) {
      return;
    }
    float[][] squares = new float[rule.byLayer() ? released.size() : 1][canaries.length];
    double[] shares = new double[squares.length];
    Arrays.fill(shares, rule.byLayer() ? 1.0 / released.size() : 1);
    for (int i = 0; i < canaries.length; i++) {
      squares[group(canaries[i])][i] = ENDLESS * ENDLESS;
    }
    float[][] factors = rule.factors(squares, shares, new boolean[0]);
    for (int i = 0; i < canaries.length; i++) {
      planted[canaries[i]] = ENDLESS * factors[group(canaries[i])][i];
    }
    unitsOfStep += canaries.length;
  }

  private int group(int canary) {
    return rule.byLayer() && directions != null ? directions.parameter(canary) : 0;
  }

  /** What a canary that is drawn adds to the sum. */
  private double plantedLength() {
    return rule.byLayer() ? rule.norm() * Math.sqrt(1.0 / released.size()) : rule.norm();
  }

  private void add(Parameter parameter, NDArray sum) {
    NDArray held = sums.get(parameter);
    if (held == null) {
      sum.attach(TensorRuntime.get().permanent());
      sums.put(parameter, sum);
    } else {
      held.addi(sum);
    }
  }

  /**
   * Ends a logical step: the sum with noise on every coordinate of every trainable parameter, divided by the expected
   * number of units. Also right after no unit at all: an empty batch is a step.
   *
   * @param scope owner of the results
   * @throws PrivacyException {@code BUDGET_EXHAUSTED} before the step that would pass the budget; what was
   *        accumulated is dropped
   */
  public Map<Parameter, NDArray> release(Scope scope) {
    checkOpen();
    if (steps >= stepsAllowed) {
      clear();
      throw new PrivacyException("BUDGET_EXHAUSTED", "the budget allowed " + stepsAllowed
          + " steps and all are done: stop here, raise the budget, or train with more noise from the start");
    }
    double deviation = noiseDeviation();
    Map<Parameter, NDArray> result = new LinkedHashMap<>();
    try (GradMode off = TensorRuntime.get().inference()) {
      for (Parameter parameter : released) {
        NDArray sum = sums.remove(parameter);
        sum = sum == null ? scope.manager().zeros(parameter.shape(), DataType.FLOAT32) : scope.own(sum);
        if (directions == null) {
          noise.addInto(scope, sum, deviation);
        } else {
          addScored(scope, directions, parameter, sum, deviation);
        }
        result.put(parameter, sum);
      }
      kernels().scale(scope, List.copyOf(result.values()), 1 / expectedUnits);
    }
    if (directions != null) {
      directions.next(deviation / plantedLength());
      Arrays.fill(planted, 0);
    }
    rule.next(noise, expectedUnits);
    batchSizes.merge(unitsOfStep, 1L, Long::sum);
    units += unitsOfStep;
    unitsOfStep = 0;
    steps++;
    return result;
  }

  /** Canaries, then noise; what the noise left of the canaries is scored. */
  private void addScored(Scope scope, PlantedDirections known, Parameter parameter, NDArray sum, double deviation) {
    int[] own = known.of(parameter);
    float[] others = known.at(sum.toFloatArray(), own);
    float[] lengths = known.plant(Math.toIntExact(parameter.size()), own, planted);
    sum.addi(scope.floats(lengths, parameter.shape().getShape()));
    noise.addInto(scope, sum, deviation);
    known.score(own, others, known.at(sum.toFloatArray(), own), plantedLength());
  }

  /** Logical steps released so far. */
  public long steps() {
    return steps;
  }

  /** How many steps the budget allows yet; {@link Long#MAX_VALUE} without one. */
  public long stepsLeft() {
    return stepsAllowed == Long.MAX_VALUE ? stepsAllowed : stepsAllowed - steps;
  }

  /** The clipping norm C of the current step. */
  public double clip() {
    return rule.norm();
  }

  /** Everything that one step releases, as the accountants want it. */
  public Mechanism mechanism(double samplingRate) {
    return Mechanism.of(sigma, samplingRate);
  }

  /** Where the noise comes from. */
  public NoiseSource noiseSource() {
    return noise.source();
  }

  /** Standard deviation of the noise on each coordinate of the current step's sum, before the division. */
  public double noiseDeviation() {
    return rule.gradientSigma() * sensitivity.clips() * rule.norm();
  }

  /** What the steps did, without noise: internal. */
  public StepStatistics statistics() {
    return new StepStatistics(steps, units, rule.clipped(), rule.notFinite(), batchSizes);
  }

  /**
   * What these steps are to a ledger. Its sensitivity is that of the current clipping norm: where that was adaptive, earlier
   * steps had other norms and noise in the same proportion.
   *
   * @param samplingRate q of the sampler
   * @param what what was released, such as {@code "model weights"}
   * @param weightsSha256 hash of the released weights, or empty
   */
  public Release toRelease(double samplingRate, String what, String weightsSha256) {
    return new Release(new Phase(mechanism(samplingRate), steps),
        sensitivity.clips() * rule.norm(), what, weightsSha256, noise.source());
  }

  private static Kernels kernels() {
    return TensorRuntime.get().kernels();
  }

  private void clear() {
    sums.values().forEach(NDArray::close);
    sums.clear();
    unitsOfStep = 0;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this private step is closed");
    }
  }

  /** Frees what was accumulated and not released. */
  @Override
  public void close() {
    clear();
    closed = true;
  }

  /**
   * Collects what a private step needs; {@link #sensitivity}, {@link #sigma} and {@link #expectedUnits} are required.
   */
  public static final class Builder {
    private final List<Parameter> parameters;
    private @Nullable Sensitivity sensitivity;
    private Clipping clipping = Clipping.flat(1);
    private double sigma = Double.NaN;
    private double expectedUnits = Double.NaN;
    private @Nullable NoiseGenerator noise;
    private @Nullable PrivacyBudget budget;
    private @Nullable PrivacyLedger before;
    private double samplingRate;
    private @Nullable PlantedDirections directions;

    private Builder(Collection<Parameter> parameters) {
      this.parameters = parameters.stream().filter(Parameter::trainable).distinct().toList();
      if (this.parameters.isEmpty()) {
        throw new IllegalArgumentException(
            "no parameter of " + parameters.size() + " is trainable: there is nothing to release");
      }
    }

    /** Canaries that may be {@link PrivateStep#plant planted} and are scored in every step; null for none. */
    public Builder directions(@Nullable PlantedDirections planted) {
      directions = planted;
      return this;
    }

    /**
     * What the objective declares.
     *
     * @throws PrivacyException {@code NO_SENSITIVITY} for {@link Sensitivity#NONE}
     */
    public Builder sensitivity(Sensitivity declared) {
      if (!declared.declared()) {
        throw new PrivacyException("NO_SENSITIVITY",
            "the objective declares no bound on what one unit can change, so no epsilon would hold. In a plain in-batch InfoNCE every pair"
                + " is a negative of every other, and adding one moves the clipped sum by up to (2n-1)C. Alternatives: softmax against public anchors, InfoNCE"
                + " inside small fixed groups, or user-level sampled softmax with public negatives");
      }
      sensitivity = declared;
      return this;
    }

    /** How gradients are clipped; flat at 1 unless said. */
    public Builder clipping(Clipping value) {
      clipping = value;
      return this;
    }

    /**
     * Noise multiplier σ of everything that a step releases: the noise has deviation σ·D, D = clips·C. 0 clips only,
     * with ε infinite.
     */
    public Builder sigma(double value) {
      sigma = Mechanism.checkSigma(value);
      return this;
    }

    /** The constant that sums are divided by, q·N with a public N; never the size of the batch. */
    public Builder expectedUnits(double value) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException("expected number of units must be positive and finite but was " + value);
      }
      expectedUnits = value;
      return this;
    }

    /** The generator; {@link NoiseGenerator#secure()} unless said. */
    public Builder noise(NoiseGenerator value) {
      noise = value;
      return this;
    }

    /**
     * Stops before the step that would pass a budget.
     *
     * @param total what may be spent on everything
     * @param released what was released before
     * @param rate q of the sampler
     */
    public Builder budget(PrivacyBudget total, PrivacyLedger released, double rate) {
      budget = total;
      before = released;
      samplingRate = rate;
      return this;
    }

    private long stepsAllowed(Sensitivity declared) {
      if (budget == null || before == null) {
        return Long.MAX_VALUE;
      }
      if (before.unit() != declared.unit()) {
        throw new PrivacyException("UNIT_MISMATCH", "the ledger protects each " + before.unit().label()
            + ", the objective each " + declared.unit().label() + ": their epsilons do not add up");
      }
      return budget.stepsLeft(before.phases(), Mechanism.of(sigma, samplingRate));
    }

    /** The step, ready for its first batch. */
    public PrivateStep build() {
      if (sensitivity == null || Double.isNaN(sigma) || Double.isNaN(expectedUnits)) {
        throw new IllegalArgumentException("a private step needs its sensitivity, its sigma and its expectedUnits");
      }
      if (budget != null && sigma == 0) {
        throw new IllegalArgumentException(
            "without noise epsilon is infinite, which no budget holds: give a sigma or no budget");
      }
      return new PrivateStep(this, sensitivity);
    }
  }
}
