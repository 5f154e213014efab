package io.sfumato.encoders.bench;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network of a fixed shape with a fixed random batch: what the benchmarks of plain and of private training time. Owns
 * native memory: to be closed. The three shapes are those that public numbers exist for.
 */
public interface BenchModel extends AutoCloseable {
  /** Name in reports, such as {@code bert}. */
  String name();

  /** Number of examples of the batch. */
  int examples();

  /** The layers, all of which learn at first. */
  Backbone backbone();

  /** All parameters. */
  default List<Parameter> parameters() {
    return backbone().parameters();
  }

  /** Forward pass on the batch and the sum over examples of half the squared distance to fixed targets, one number. */
  NDArray loss(Scope scope, @Nullable Tape tape);

  /** The matrix products that a forward and a backward pass of this network are made of. */
  List<Product> products();

  @Override
  void close();

  /**
   * Products of one shape, [batch, m, k] by [batch, k, n].
   *
   * @param count how many a step
   */
  record Product(long batch, long m, long k, long n, int count) {}

  /** Perceptron 512-1024-256, batch 128. */
  static BenchModel mlp() {
    return new MlpModel();
  }

  /** Vision transformer of 4 pre-norm layers of width 192 with 3 heads, 64 by 64 pixels in patches of 8, batch 64. */
  static BenchModel vit() {
    return new TransformerModel(TransformerModel.Kind.VIT);
  }

  /** BERT of 6 post-norm layers of width 384 with 12 heads, 30,522 words, 32 positions, batch 32: 22.4 M parameters. */
  static BenchModel bert() {
    return new TransformerModel(TransformerModel.Kind.BERT);
  }
}
