package io.sfumato.privacy.training;

import java.util.Locale;

/**
 * How a unit's gradient g is made shorter, so that no unit contributes more than the bound C to the sum. Whatever the
 * kind, a unit whose gradient is not finite contributes nothing. Immutable.
 */
public sealed interface Clipping {
  /** AUTO-S's stabiliser γ of Bu, Wang, Zha and Karypis 2022. */
  double GAMMA = 0.01;

  /** The bound C that training starts with, positive and finite. */
  double norm();

  /** Name as on the command line: {@code flat}, {@code layer}, {@code auto}, {@code adaptive}. */
  String label();

  /** g · min(1, C/‖g‖) over the whole gradient (Abadi et al. 2016). */
  static Clipping flat(double c) {
    return new Flat(c);
  }

  /**
   * Each layer's part of the gradient is clipped on its own, so that a layer with long gradients does not shorten the
   * others' (McMahan et al. 2018). A layer with m of the M released parameters has the bound C·√(m/M), so that the
   * squares of all bounds add up to C², whichever layers a batch uses.
   *
   * @param c bound of the whole gradient
   */
  static Clipping perLayer(double c) {
    return new PerLayer(c);
  }

  /**
   * AUTO-S: g · C/(‖g‖ + γ) with γ = {@value #GAMMA}: every unit has nearly the same weight, and C is one with the
   * learning rate (Bu et al. 2022).
   */
  static Clipping automatic(double c) {
    return new Automatic(c);
  }

  /**
   * Flat clipping whose bound follows a quantile of the gradients' norms, found by a noisy count in every step (Andrew,
   * Thakkar, McMahan and Ramaswamy 2021). The count is charged: with its noise multiplier z_b the gradient's is raised
   * to z so that {@code (z⁻² + z_b⁻²)^(−1/2)} is the step's σ.
   *
   * @param initial the bound that training starts with
   * @param quantile share of units that are to stay unclipped, in (0, 1)
   * @param rate learning rate η of the bound, C ← C·exp(−η(share − quantile)); 0.2 in the paper
   * @param countSigma noise multiplier of the count, of sensitivity ½ since it is centred; must be above the
   *        step's σ. 0 for ten times the step's σ, which raises the gradient's noise by half a percent
   */
  static Clipping adaptive(double initial, double quantile, double rate, double countSigma) {
    return new Adaptive(initial, quantile, rate, countSigma);
  }

  /**
   * Clipping by its {@link #label}; adaptive goes for the median at rate 0.2.
   *
   * @throws IllegalArgumentException for another label
   */
  static Clipping parse(String kind, double c) {
    return switch (kind.toLowerCase(Locale.ROOT)) {
      case "flat" -> flat(c);
      case "layer" -> perLayer(c);
      case "auto" -> automatic(c);
      case "adaptive" -> adaptive(c, 0.5, 0.2, 0);
      default -> throw new IllegalArgumentException("clipping must be flat, layer, auto or adaptive but was " + kind);
    };
  }

  /** See {@link Clipping#flat}. */
  record Flat(double norm) implements Clipping {
    /** Checks. */
    public Flat {
      check(norm);
    }

    @Override
    public String label() {
      return "flat";
    }
  }

  /** See {@link Clipping#perLayer}. */
  record PerLayer(double norm) implements Clipping {
    /** Checks. */
    public PerLayer {
      check(norm);
    }

    @Override
    public String label() {
      return "layer";
    }
  }

  /** See {@link Clipping#automatic}. */
  record Automatic(double norm) implements Clipping {
    /** Checks. */
    public Automatic {
      check(norm);
    }

    @Override
    public String label() {
      return "auto";
    }
  }

  /** See {@link Clipping#adaptive}. */
  record Adaptive(double norm, double quantile, double rate, double countSigma) implements Clipping {
    /** Checks. */
    public Adaptive {
      check(norm);
      if (!(quantile > 0 && quantile < 1)) {
        throw new IllegalArgumentException("quantile must be in (0, 1) but was " + quantile);
      }
      if (!(rate > 0) || Double.isInfinite(rate)) {
        throw new IllegalArgumentException("rate of the clipping norm must be positive and finite but was " + rate);
      }
      if (!(countSigma >= 0) || Double.isInfinite(countSigma)) {
        throw new IllegalArgumentException(
            "noise multiplier of the count must be finite and not negative but was " + countSigma);
      }
    }

    @Override
    public String label() {
      return "adaptive";
    }
  }

  private static void check(double norm) {
    if (!(norm > 0) || Double.isInfinite(norm)) {
      throw new IllegalArgumentException("clipping norm must be positive and finite but was " + norm);
    }
  }
}
