package io.sfumato.fusion.classification;

import io.sfumato.encoders.Progress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Multinomial logistic regression, {@code min (1/n) Σ_i −ln softmax(W x_i + b)[y_i] + λ/2 ‖W‖²}, by L-BFGS (Nocedal and Wright 2006, algorithm 7.4) with backtracking until Armijo's condition holds. The
 * problem is convex, strictly in W for λ above 0. Plain Java, rows in parallel; deterministic, since the parts of the sum are added in a fixed order.
 */
final class LogisticRegression {
  private static final int MEMORY = 10;
  private static final int BLOCK = 256;
  private static final int MOST_STEPS = 500;
  private static final double TOLERANCE = 1e-6;

  private final float[][] x;
  private final int[] y;
  private final int classes;
  private final int inputs;

  /**
   * @param x one row of features an example, at least one
   * @param y class of each, in [0, classes)
   */
  LogisticRegression(float[][] x, int[] y, int classes) {
    this.x = x;
    this.y = y;
    this.classes = classes;
    this.inputs = x[0].length;
  }

  /**
   * Fits.
   *
   * @param lambda λ, at least 0
   * @param start coefficients to begin with, laid out as the result, or null for zeros
   * @return W row-major [K, d], then b [K]
   */
  double[] fit(double lambda, double @Nullable [] start, Progress progress) {
    double[] w = start == null ? new double[classes * (inputs + 1)] : start.clone();
    double[] gradient = new double[w.length];
    double value = evaluate(w, lambda, gradient);
    Deque<double[][]> memory = new ArrayDeque<>(); // newest first: s, y
    for (int step = 0; step < MOST_STEPS && norm(gradient) > TOLERANCE; step++) {
      double[] direction = direction(gradient, memory);
      double slope = dot(direction, gradient);
      if (!(slope < 0)) { // rounding spoilt the curvature: begin anew along the steepest descent
        memory.clear();
        direction = direction(gradient, memory);
        slope = dot(direction, gradient);
      }
      double[] next = new double[w.length];
      double[] nextGradient = new double[w.length];
      double length = 1;
      double nextValue = Double.NaN;
      boolean fell = false;
      for (int halving = 0; halving < 40 && !fell; halving++, length /= 2) {
        for (int i = 0; i < w.length; i++) {
          next[i] = w[i] + length * direction[i];
        }
        nextValue = evaluate(next, lambda, nextGradient);
        fell = nextValue <= value + 1e-4 * length * slope;
      }
      if (!fell) {
        return w; // as low as rounding allows
      }
      remember(memory, w, gradient, next, nextGradient);
      w = next;
      gradient = nextGradient;
      value = nextValue;
      progress.advance(1, null);
    }
    return w;
  }

  private static void remember(Deque<double[][]> memory, double[] w, double[] gradient, double[] next,
      double[] nextGradient) {
    double[] s = new double[w.length];
    double[] change = new double[w.length];
    for (int i = 0; i < s.length; i++) {
      s[i] = next[i] - w[i];
      change[i] = nextGradient[i] - gradient[i];
    }
    if (dot(s, change) > 1e-14 * dot(change, change)) {
      memory.addFirst(new double[][]{s, change});
      if (memory.size() > MEMORY) {
        memory.removeLast();
      }
    }
  }

  /** −H·gradient by the two loops over what is remembered. */
  private static double[] direction(double[] gradient, Deque<double[][]> memory) {
    double[] q = gradient.clone();
    double[] alpha = new double[memory.size()];
    int at = 0;
    for (double[][] pair : memory) {
      alpha[at] = dot(pair[0], q) / dot(pair[0], pair[1]);
      add(q, pair[1], -alpha[at++]);
    }
    double[][] newest = memory.peekFirst();
    double scale = newest == null ? 1 : dot(newest[0], newest[1]) / dot(newest[1], newest[1]);
    for (int i = 0; i < q.length; i++) {
      q[i] *= scale;
    }
    for (Iterator<double[][]> oldest = memory.descendingIterator(); oldest.hasNext();) {
      double[][] pair = oldest.next();
      double beta = dot(pair[1], q) / dot(pair[0], pair[1]);
      add(q, pair[0], alpha[--at] - beta);
    }
    for (int i = 0; i < q.length; i++) {
      q[i] = -q[i];
    }
    return q;
  }

  /** The objective at {@code w}; its gradient is written. */
  double evaluate(double[] w, double lambda, double[] gradient) {
    int blocks = (x.length + BLOCK - 1) / BLOCK;
    double[][] parts = IntStream.range(0, blocks).parallel().mapToObj(block -> part(w, block)).toArray(double[][]::new);
    Arrays.fill(gradient, 0);
    double value = 0;
    for (double[] part : parts) {
      value += part[w.length] / x.length;
      add(gradient, part, 1.0 / x.length);
    }
    for (int i = 0; i < classes * inputs; i++) {
      value += 0.5 * lambda * w[i] * w[i];
      gradient[i] += lambda * w[i];
    }
    return value;
  }

  /** Sums over a block of rows: the gradient, then the loss. */
  private double[] part(double[] w, int block) {
    double[] out = new double[w.length + 1];
    double[] z = new double[classes];
    for (int row = block * BLOCK; row < Math.min(x.length, (block + 1) * BLOCK); row++) {
      float[] features = x[row];
      for (int k = 0; k < classes; k++) {
        double sum = w[classes * inputs + k];
        for (int j = 0; j < inputs; j++) {
          sum += w[k * inputs + j] * features[j];
        }
        z[k] = sum;
      }
      double[] p = LinearHead.softmax(z, 1);
      out[w.length] -= Math.log(Math.max(Double.MIN_NORMAL, p[y[row]]));
      for (int k = 0; k < classes; k++) {
        double error = p[k] - (k == y[row] ? 1 : 0);
        for (int j = 0; j < inputs; j++) {
          out[k * inputs + j] += error * features[j];
        }
        out[classes * inputs + k] += error;
      }
    }
    return out;
  }

  /** Coefficients as a head. */
  LinearHead head(double[] coefficients) {
    float[] weights = new float[classes * inputs];
    float[] bias = new float[classes];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) coefficients[i];
    }
    for (int k = 0; k < classes; k++) {
      bias[k] = (float) coefficients[weights.length + k];
    }
    return new LinearHead(classes, inputs, weights, bias, 1);
  }

  private static double norm(double[] v) {
    return Math.sqrt(dot(v, v));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double[] target, double[] other, double factor) {
    for (int i = 0; i < target.length; i++) {
      target[i] += factor * other[i];
    }
  }
}
