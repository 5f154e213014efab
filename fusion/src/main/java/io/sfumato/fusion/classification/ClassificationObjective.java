package io.sfumato.fusion.classification;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.fusion.FusionException;
import io.sfumato.privacy.training.Sensitivity;
import java.util.Arrays;

/**
 * Softmax cross-entropy: an example's loss is {@code −w_y Σ_k q_k ln p_k} with {@code q_k = (1−s)·[k = y] + s/K}, s the label smoothing (Szegedy et al. 2016) and w_y the weight of its class.
 *
 * <p>Sensitivity: unit record (an item with its label), D = C. An example's loss reads its own features and label alone and none of another example, so that one example more or less adds one clipped
 * gradient to the sum or takes one away. That holds for class weights that are public; weights made of the data's own counts ({@link #balanced}) are a statistic that no step accounts for, and
 * {@link #sensitivity} declares none then.
 */
public final class ClassificationObjective {
  private final int classes;
  private final double smoothing;
  private final double[] weights;
  private final boolean fromData;

  private ClassificationObjective(int classes, double smoothing, double[] weights, boolean fromData) {
    if (classes < 2) {
      throw new FusionException("ONE_CLASS", "classification needs two classes or more but got " + classes);
    }
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new FusionException("BAD_OPTION", "label smoothing must be in [0, 1) but was " + smoothing);
    }
    if (weights.length != classes || Arrays.stream(weights).anyMatch(w -> !(w > 0) || Double.isInfinite(w))) {
      throw new FusionException("BAD_OPTION",
          "there must be one positive weight for each of %d classes but they were %s".formatted(classes,
              Arrays.toString(weights)));
    }
    this.classes = classes;
    this.smoothing = smoothing;
    this.weights = weights.clone();
    this.fromData = fromData;
  }

  /** All classes weigh the same. */
  public static ClassificationObjective of(int classes, double smoothing) {
    double[] ones = new double[Math.max(0, classes)];
    Arrays.fill(ones, 1);
    return new ClassificationObjective(classes, smoothing, ones, false);
  }

  /** Given, public weights by class, positive. */
  public static ClassificationObjective weighted(double smoothing, double[] weights) {
    return new ClassificationObjective(weights.length, smoothing, weights, false);
  }

  /**
   * Weights {@code n / (K n_k)}, so that every class counts the same whatever its size; the mean weight of an example is one.
   *
   * @param labels of the training examples, in [0, classes); a class without any weighs one
   */
  public static ClassificationObjective balanced(int classes, double smoothing, int[] labels) {
    long[] counts = new long[Math.max(0, classes)];
    for (int label : labels) {
      counts[label]++;
    }
    long present = Arrays.stream(counts).filter(count -> count > 0).count();
    double[] weights = Arrays.stream(counts)
        .mapToDouble(count -> count == 0 ? 1 : (double) labels.length / (present * count))
        .toArray();
    return new ClassificationObjective(classes, smoothing, weights, true);
  }

  /** Name for logs and ledgers. */
  public String name() {
    return "cross-entropy";
  }

  /** How far one example can move the clipped gradient sum; {@link Sensitivity#NONE} with class weights made of the data. */
  public Sensitivity sensitivity() {
    return fromData ? Sensitivity.NONE : Sensitivity.record(1);
  }

  /**
   * Refuses private training where no bound is declared.
   *
   * @throws FusionException {@code NOT_PRIVATE}
   */
  public void requirePrivate() {
    if (!sensitivity().declared()) {
      throw new FusionException("NOT_PRIVATE",
          "class weights that balance the data tell how many examples each class has, which no step accounts for; train privately without balancing, or give public weights");
    }
  }

  /**
   * The loss of each example alone.
   *
   * @param logits [n, classes]
   * @param labels n of them, in [0, classes)
   * @return [n], in nats, differentiable
   */
  public NDArray losses(Scope scope, NDArray logits, int[] labels) {
    float[] target = new float[labels.length * classes];
    for (int i = 0; i < labels.length; i++) {
      for (int k = 0; k < classes; k++) {
        double q = smoothing / classes + (k == labels[i] ? 1 - smoothing : 0);
        target[i * classes + k] = (float) (weights[labels[i]] * q);
      }
    }
    return logits.logSoftmax(1).mul(scope.floats(target, labels.length, classes)).sum(new int[]{1}).neg();
  }
}
