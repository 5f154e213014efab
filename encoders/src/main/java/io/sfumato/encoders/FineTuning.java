package io.sfumato.encoders;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** How much of an encoder learns: nothing, its last layers, small adapters beside its layers, or all of it. */
public sealed interface FineTuning {
  /** Nothing learns: the vectors can be computed once and cached. */
  record Frozen() implements FineTuning {
    @Override
    public String toString() {
      return "frozen";
    }
  }

  /**
   * The last {@code count} layers learn, with everything that comes after them.
   *
   * @param count layers of the encoder's own kind (transformer blocks, residual stages), at least 1; more than the
   *     encoder has means all of them, and still not its embeddings or stem
   */
  record LastLayers(int count) implements FineTuning {
    public LastLayers {
      if (count < 1) {
        throw new IllegalArgumentException("layers to fine-tune must be at least 1 but was " + count);
      }
    }

    @Override
    public String toString() {
      return "last:" + count;
    }
  }

  /**
   * Low-rank adapters learn (LoRA, Hu et al. 2021): beside a linear layer W stands (α/r) B A with A [r, in] and B [out,
   * r], B zero at first; W itself stays as it is.
   *
   * @param rank r, 1 to 1,024
   * @param alpha α, above 0
   * @param targets which linear layers: the ends of their names in the checkpoint, such as {@code query}, as in PEFT's
   *     {@code target_modules}; {@code all-linear} for every linear layer of the blocks; empty for attention's queries and
   *     values, as in the paper
   */
  record Lora(int rank, double alpha, Set<String> targets) implements FineTuning {

    /** The target that stands for every linear layer. */
    public static final String ALL_LINEAR = "all-linear";

    private static final int MAX_RANK = 1024;

    public Lora {
      targets = Collections.unmodifiableSet(new TreeSet<>(targets));
      if (rank < 1 || rank > MAX_RANK) {
        throw new IllegalArgumentException("the rank of adapters must be 1 to " + MAX_RANK + " but was " + rank);
      }
      if (!(alpha > 0 && Double.isFinite(alpha))) {
        throw new IllegalArgumentException("the alpha of adapters must be above 0 but was " + alpha);
      }
      if (targets.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException("the targets of adapters must be names but were " + targets);
      }
    }

    /** Adapters beside queries and values, with α twice the rank. */
    public static Lora of(int rank) {
      return new Lora(rank, 2.0 * rank, Set.of());
    }

    @Override
    public String toString() {
      String text = "lora:" + rank + ":" + (alpha == Math.rint(alpha) ? Long.toString((long) alpha) : alpha);
      return targets.isEmpty() ? text : text + ":" + String.join("+", targets);
    }
  }

  /** Every parameter learns. */
  record Full() implements FineTuning {
    @Override
    public String toString() {
      return "full";
    }
  }

  /** Nothing learns. */
  static FineTuning frozen() {
    return new Frozen();
  }

  /** The last {@code count} layers learn. */
  static FineTuning lastLayers(int count) {
    return new LastLayers(count);
  }

  /** Low-rank adapters beside queries and values learn, with α twice the rank. */
  static FineTuning lora(int rank) {
    return Lora.of(rank);
  }

  /** Every parameter learns. */
  static FineTuning full() {
    return new Full();
  }

  /**
   * Reads what {@code toString()} of the kinds writes: {@code frozen}, {@code last:2}, {@code full}, {@code lora:8} (rank),
   * {@code lora:8:16} (and alpha), {@code lora:8:16:query+value} (and targets).
   *
   * @throws IllegalArgumentException when the text is none of them
   */
  static FineTuning parse(String text) {
    String value = text.strip();
    String kind = value.toLowerCase(Locale.ROOT);
    if (kind.matches("last:[0-9]{1,4}")) {
      return new LastLayers(Integer.parseInt(value.substring("last:".length())));
    }
    if (kind.matches("lora:[0-9]{1,4}(:[0-9.]{1,9}(:[^:]+)?)?")) {
      List<String> parts = List.of(value.split(":", -1));
      Lora plain = Lora.of(Integer.parseInt(parts.get(1)));
      double alpha = parts.size() > 2 ? Double.parseDouble(parts.get(2)) : plain.alpha();
      Set<String> targets = parts.size() > 3 ? Set.of(parts.get(3).split("[+]", -1)) : Set.of();
      return new Lora(plain.rank(), alpha, targets);
    }
    return switch (kind) {
      case "frozen" -> new Frozen();
      case "full" -> new Full();
      default -> throw new IllegalArgumentException(
          "fine-tuning must be frozen, last:N, lora:RANK[:ALPHA[:TARGET+TARGET]] or full but was '" + text + "'");
    };
  }
}
