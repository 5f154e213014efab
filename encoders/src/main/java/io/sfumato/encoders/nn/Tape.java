package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.runtime.Autograd;
import io.sfumato.encoders.runtime.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Records, during one forward pass, every trainable layer's input and what tells its output's gradient, so that after one backward pass each
 * example's gradient norm and the clipped sum of gradients can be had without another (book-keeping, Bu et al. 2023).
 * Passed to the layers' {@code forward}; null at inference and in ordinary training. While a tape records, weights are
 * constants to autograd, which saves their gradients.
 *
 * <p>Use: make a tape a step; forward; {@link #backward} on the <em>sum</em> of the examples' losses;
 * {@link #squaredNorms()}; {@link #clippedSum}. An example is a row of the batch unless {@link #units} says otherwise.
 * Arrays belong to the step's scope. For one thread.
 */
public final class Tape {
  private final Scope scope;
  private final Map<TapedLayer, List<Use>> uses = new LinkedHashMap<>();
  private final int examples;
  private final List<Parameter> released;
  private int @Nullable [] unitOfRow;
  private boolean backwardDone;
  private @Nullable List<Recorded> recorded;

  /** A layer's gradients, and the owner of what they hold and return. */
  private record Recorded(Scope scope, List<Use> uses, PerExampleGradient gradient) {}

  /** One use of a layer in a forward pass. */
  public static final class Use {
    private NDArray input;
    private final NDArray probe;
    private final Shape shape;
    private final int @Nullable [] unitOfRow;
    private @Nullable NDArray gradient;

    private Use(NDArray input, NDArray probe, int @Nullable [] unitOfRow) {
      this.input = input;
      this.probe = probe;
      this.shape = probe.getShape();
      this.unitOfRow = unitOfRow;
    }

    /** What the layer was given, as a constant. */
    public NDArray input() {
      return input;
    }

    /** The shape of what the layer returned. */
    public Shape shape() {
      return shape;
    }

    /** The gradient of the loss by the output, of the output's shape; zero where the loss does not depend on it. */
    public NDArray gradient() {
      if (gradient == null) {
        throw new IllegalStateException("no gradient yet: call Tape.backward on the sum of the losses first");
      }
      return gradient;
    }

    private void free() {
      input.close();
      if (gradient != null) {
        gradient.close();
      }
    }

    /** Example of every row of the batch; null when row i is example i. Not to be changed. */
    int @Nullable [] unitOfRow() {
      return unitOfRow;
    }
  }

  /**
   * An empty tape.
   *
   * @param scope of the training step
   * @param examples number n of examples (units of privacy) in this batch
   */
  public Tape(Scope scope, int examples) {
    this(scope, examples, List.of());
  }

  /**
   * An empty tape that also refuses gradients which would pass it by.
   *
   * @param scope of the training step
   * @param examples number n of examples (units of privacy) in this batch
   * @param released the parameters that the step will change; {@link #backward} refuses the trainable ones among them
   *     that the loss depends on otherwise than through recorded layers
   */
  public Tape(Scope scope, int examples, Collection<Parameter> released) {
    this.scope = scope;
    this.examples = examples;
    this.released = released.stream().filter(Parameter::trainable).toList();
  }

  /** Number of examples. */
  public int examples() {
    return examples;
  }

  /**
   * Says which example each row of the batches that follow belongs to; for users whose several rows are one unit.
   *
   * @param unitOfRow in [0, examples), one a row; null when row i is example i
   */
  public void units(int @Nullable [] unitOfRow) {
    if (unitOfRow != null) {
      for (int unit : unitOfRow) {
        if (unit < 0 || unit >= examples) {
          throw new IllegalArgumentException("unit " + unit + " is not in [0, " + examples + ")");
        }
      }
    }
    this.unitOfRow = unitOfRow == null ? null : unitOfRow.clone();
  }

  /**
   * Called by a layer's forward pass. Keeps nothing when all parameters of the layer are frozen. Holds the input by itself,
   * whatever scope it is in, and of the output only what asks for its gradient.
   *
   * @param output a fresh array that the operation which made it does not keep for its own gradient, as that of a sum or
   *     a product; zeros are added to it in place
   * @return {@code output}
   */
  public NDArray record(TapedLayer layer, NDArray input, NDArray output) {
    if (layer.parameters().stream().noneMatch(Parameter::trainable)) {
      return output;
    }
    long rows = output.getShape().get(0);
    int expected = unitOfRow == null ? examples : unitOfRow.length;
    if (rows != expected) {
      throw new IllegalArgumentException(layer.parameters() + " were used on " + rows + " rows, the tape has "
          + (unitOfRow == null ? expected + " examples: say by Tape.units which example each row belongs to"
              : expected + " rows by Tape.units"));
    }
    uses.computeIfAbsent(layer, key -> new ArrayList<>())
        .add(new Use(Autograd.constant(scope, input), Autograd.probe(scope, output), unitOfRow));
    return output;
  }

  /**
   * The one backward pass: the gradients of the loss by every recorded output. Parameters keep what ordinary backward
   * passes have added up.
   *
   * @param lossSum the sum of the examples' losses, one number
   * @throws EncoderException {@code NOT_PRIVATE} when the loss depends on a released parameter outside the recorded
   *     layers; {@code NO_GRADIENT} when it depends on nothing that learns
   */
  public void backward(NDArray lossSum) {
    if (backwardDone) {
      throw new IllegalStateException("a tape is for one backward pass: make a new one a step");
    }
    backwardDone = true;
    List<Use> all = uses.values().stream().flatMap(List::stream).toList();
    List<NDArray> by = new ArrayList<>();
    all.forEach(use -> by.add(use.probe));
    released.forEach(parameter -> by.add(parameter.value()));
    if (by.isEmpty()) {
      throw new EncoderException("NO_GRADIENT",
          "The tape saw no layer that learns: are all parameters frozen, or was the"
              + " tape not given to the forward pass?");
    }
    List<@Nullable NDArray> found = Autograd.gradients(scope, lossSum, by);
    for (int i = 0; i < released.size(); i++) {
      if (found.get(all.size() + i) != null) {
        throw new EncoderException("NOT_PRIVATE", "Parameter " + released.get(i).name()
            + " has a gradient that the tape did not see, so no example's share of it can be bounded: give the tape to"
            + " the forward pass of its layer, write the layer with a per-example rule (TapedLayer), freeze it, or use"
            + " microbatches");
      }
    }
    for (int i = 0; i < all.size(); i++) {
      NDArray gradient = found.get(i);
      all.get(i).gradient = gradient == null ? scope.own(all.get(i).probe.zerosLike()) : gradient;
      all.get(i).probe.close();
    }
  }

  /**
   * Takes examples out of what was recorded: their inputs and gradients become zero, so that nothing of them is left in norms
   * and sums, not even what is infinite or not a number. After the backward pass.
   *
   * @param out [n], true for the examples that go
   */
  public void leaveOut(boolean[] out) {
    if (out.length != examples) {
      throw new IllegalArgumentException("the tape has " + examples + " examples, was told of " + out.length);
    }
    for (Use use : uses.values().stream().flatMap(List::stream).toList()) {
      int rows = (int) use.shape.get(0);
      float[] keep = new float[rows];
      for (int row = 0; row < rows; row++) {
        keep[row] = out[use.unitOfRow == null ? row : use.unitOfRow[row]] ? 0 : 1;
      }
      use.gradient = kept(use.gradient(), keep);
      use.input = kept(use.input(), keep);
    }
    if (recorded != null) {
      recorded.forEach(layer -> layer.scope.close());
      recorded = null;
    }
  }

  /** The rows to keep, zeros in place of the others; ids and what does not come by the row stay as they are. */
  private NDArray kept(NDArray x, float[] keep) {
    boolean byRow = x.getShape().dimension() > 0 && x.getShape().get(0) == keep.length;
    if (!byRow || !x.getDataType().isFloating()) {
      return x;
    }
    long[] shape = new long[x.getShape().dimension()];
    Arrays.fill(shape, 1);
    shape[0] = keep.length;
    return scope.own(NDArrays.where(scope.floats(keep, shape).neq(0).broadcast(x.getShape()), x, x.zerosLike()));
  }

  /** Squared Euclidean length of every example's gradient over all recorded layers, [n]; after the backward pass. */
  public NDArray squaredNorms() {
    NDArray total = null;
    for (PerExampleGradient gradient : gradients()) {
      NDArray part = gradient.squaredNorms();
      total = scope.own(total == null ? part : total.add(part));
    }
    return total == null ? scope.manager().zeros(new Shape(examples)) : total;
  }

  /** The per-example gradients of every recorded layer, in the order of first use; after the backward pass. */
  public List<PerExampleGradient> gradients() {
    return recorded().stream().map(Recorded::gradient).toList();
  }

  private List<Recorded> recorded() {
    if (!backwardDone) {
      throw new IllegalStateException("no gradients yet: call Tape.backward on the sum of the losses first");
    }
    if (recorded == null) {
      List<Recorded> found = new ArrayList<>();
      uses.forEach((layer, records) -> {
        Scope own = scope.child();
        found.add(new Recorded(own, records, layer.perExample(own, records, examples)));
      });
      recorded = List.copyOf(found);
    }
    return recorded;
  }

  /** The recorded layers, in the order of {@link #gradients()}. */
  public List<TapedLayer> layers() {
    return List.copyOf(uses.keySet());
  }

  /**
   * Σᵢ factorᵢ gradientᵢ for every recorded trainable parameter.
   *
   * @param factors [n]
   * @throws EncoderException {@code SHARED_PARAMETER} when two layers own the same parameter
   */
  public Map<Parameter, NDArray> clippedSum(NDArray factors) {
    Map<Parameter, NDArray> sums = new LinkedHashMap<>();
    clippedSums(layer -> factors, (parameter, sum) -> sums.put(parameter, scope.own(sum)));
    return sums;
  }

  /**
   * As {@link #clippedSum}, a layer at a time, from the last to the first; what a layer recorded is freed when its sums are
   * taken, so that they need little more memory than was there. The last call on a tape.
   *
   * @param factors [n] for the layer of that index in {@link #layers()}
   * @param each takes a parameter's sum; one that it attaches to no other owner is freed on its return
   * @throws EncoderException {@code SHARED_PARAMETER}, before the first sum, when two layers own the same parameter
   */
  public void clippedSums(IntFunction<NDArray> factors, BiConsumer<Parameter, NDArray> each) {
    Set<Parameter> seen = new HashSet<>();
    for (TapedLayer layer : uses.keySet()) {
      for (Parameter parameter : layer.parameters()) {
        if (parameter.trainable() && !seen.add(parameter)) {
          throw new EncoderException("SHARED_PARAMETER", "Parameter " + parameter.name()
              + " belongs to two layers, whose cross terms no rule knows: use one layer twice instead");
        }
      }
    }
    List<Recorded> all = recorded();
    for (int i = all.size() - 1; i >= 0; i--) {
      all.get(i).gradient.clippedSum(factors.apply(i)).forEach(each);
      all.get(i).scope.close();
      all.get(i).uses.forEach(Use::free);
    }
    uses.clear();
    recorded = null;
  }
}
