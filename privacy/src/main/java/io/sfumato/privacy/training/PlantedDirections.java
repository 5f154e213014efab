package io.sfumato.privacy.training;

import io.sfumato.encoders.nn.Parameter;
import io.sfumato.privacy.PrivacyException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Canaries in the space of gradients: each has one coordinate of the released parameters to itself, and where it is drawn for a step it adds to the sum, instead of a gradient, the longest vector along that coordinate
 * that clipping lets through. Nothing that a person can do shows more (the known-direction attack of Nasr, Hayes, Steinke, Balle, Tramèr, Jagielski, Carlini and Terzis 2023).
 *
 * <p>Every step is scored as it is released: what stands at a canary's coordinate less what other units put there, in units of what the canary would add. An adversary of differential privacy may know all others, so this is
 * what the promise must withstand. A canary that was never drawn scores noise around 0, one that was drawn n times noise around n.
 *
 * <p>For one training, in one thread. Scores are as secret as the canaries' coins.
 */
public final class PlantedDirections {
  private final int canaries;
  private final long seed;
  private final double[] scores;
  private List<Parameter> parameters = List.of();
  /** Place in {@link #parameters}, and coordinate there, by canary. */
  private int[] parameterOf = {};
  private int[] coordinateOf = {};
  private double variance;
  private long steps;

  /**
   * @param canaries how many there are, in or out, 1 or more
   * @param seed secret, of their coordinates
   */
  public PlantedDirections(int canaries, long seed) {
    if (canaries < 1) {
      throw new IllegalArgumentException("canaries must be 1 or more but were " + canaries);
    }
    this.canaries = canaries;
    this.seed = seed;
    this.scores = new double[canaries];
  }

  /** How many there are. */
  public int canaries() {
    return canaries;
  }

  /** Steps that were scored. */
  public long steps() {
    return steps;
  }

  /** Sum over the steps of each canary's score; fresh. */
  public double[] scores() {
    return scores.clone();
  }

  /** Standard deviation of the noise in each of {@link #scores}, as the steps' mechanism states it. */
  public double deviation() {
    return Math.sqrt(variance);
  }

  /** Gives every canary a coordinate of its own, drawn without replacement from all that is released. */
  void bind(Collection<Parameter> released) {
    parameters = List.copyOf(released);
    long size = parameters.stream().mapToLong(Parameter::size).sum();
    if (size < canaries) {
      throw new PrivacyException("TOO_MANY_CANARIES",
          "%d canaries need a coordinate each, but the released parameters have %d; plant fewer".formatted(canaries,
              size));
    }
    SplittableRandom random = new SplittableRandom(seed);
    long[] places = random.longs(0, size).distinct().limit(canaries).toArray();
    parameterOf = new int[canaries];
    coordinateOf = new int[canaries];
    for (int canary = 0; canary < canaries; canary++) {
      long place = places[canary];
      int parameter = 0;
      while (place >= parameters.get(parameter).size()) {
        place -= parameters.get(parameter++).size();
      }
      parameterOf[canary] = parameter;
      coordinateOf[canary] = Math.toIntExact(place);
    }
  }

  /** Place of a canary's parameter among those that are released. */
  int parameter(int canary) {
    return parameterOf[canary];
  }

  /** The canaries with a coordinate in a parameter. */
  int[] of(Parameter parameter) {
    int place = parameters.indexOf(parameter);
    List<Integer> own = new ArrayList<>();
    for (int canary = 0; canary < canaries; canary++) {
      if (parameterOf[canary] == place) {
        own.add(canary);
      }
    }
    return own.stream().mapToInt(Integer::intValue).toArray();
  }

  /** What stands at the coordinates of these canaries, all of one parameter. */
  float[] at(float[] values, int[] own) {
    float[] found = new float[own.length];
    for (int i = 0; i < own.length; i++) {
      found[i] = values[coordinateOf[own[i]]];
    }
    return found;
  }

  /** Adds lengths at the coordinates of those of these canaries that were drawn. */
  float[] plant(int size, int[] own, float[] lengths) {
    float[] sum = new float[size];
    for (int canary : own) {
      sum[coordinateOf[canary]] = lengths[canary];
    }
    return sum;
  }

  /** Scores a step at some coordinates. */
  void score(int[] own, float[] before, float[] after, double length) {
    for (int i = 0; i < own.length; i++) {
      scores[own[i]] += (after[i] - (double) before[i]) / length;
    }
  }

  /** Ends a step whose noise has this standard deviation, in units of what a canary adds. */
  void next(double deviation) {
    variance += deviation * deviation;
    steps++;
  }
}
