package io.sfumato.encoders.bench;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.BlockShape;
import io.sfumato.encoders.nn.Embedding;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.LayerNorm;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.PositionEmbedding;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.nn.TransformerBlock;
import io.sfumato.encoders.runtime.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two transformers of {@link BenchModel}: words or patches, positions, blocks, mean over positions, projection. */
final class TransformerModel implements BenchModel {
  private static final int OUT = 128;
  private static final int WORDS = 30_522;
  private static final int PATCH_VALUES = 3 * 8 * 8;
  private static final double EPS = 1e-12;

  /** Which of the two shapes. */
  enum Kind {
    BERT(6, 384, 12, 32, 32), VIT(4, 192, 3, 64, 64);

    private final int layers;
    private final int width;
    private final int heads;
    private final int positions;
    private final int examples;

    Kind(int layers, int width, int heads, int positions, int examples) {
      this.layers = layers;
      this.width = width;
      this.heads = heads;
      this.positions = positions;
      this.examples = examples;
    }
  }

  private final Kind kind;
  private final Batch batch;
  private final @Nullable Embedding words;
  private final @Nullable Linear patches;
  private final PositionEmbedding positions;
  private final LayerNorm norm;
  private final List<TransformerBlock> blocks = new ArrayList<>();
  private final Linear head;
  private final Backbone backbone;

  TransformerModel(Kind kind) {
    this.kind = kind;
    Init init = Init.seed(1);
    boolean bert = kind == Kind.BERT;
    batch = bert
        ? Batch.ofIds(OUT, WORDS, kind.examples, kind.positions)
        : Batch.ofNumbers(OUT, kind.examples, 3, 64, 64);
    words = bert ? new Embedding("words", WORDS, kind.width, init) : null;
    patches = bert ? null : new Linear("patches", PATCH_VALUES, kind.width, init);
    positions = new PositionEmbedding("positions", kind.positions, kind.width, init);
    norm = new LayerNorm("norm", kind.width, EPS, init);
    for (int i = 0; i < kind.layers; i++) {
      String name = "encoder.layer." + i;
      BlockShape shape = BlockShape.of(kind.width, kind.heads, 4 * kind.width, EPS);
      blocks.add(bert ? TransformerBlock.bert(name, shape, init) : TransformerBlock.vit(name, shape, init));
    }
    head = new Linear("head", kind.width, OUT, init);
    List<Layer> embeddings = new ArrayList<>();
    if (words != null) {
      embeddings.add(words);
    }
    if (patches != null) {
      embeddings.add(patches);
    }
    embeddings.add(positions);
    embeddings.add(norm);
    backbone = new Backbone(embeddings, blocks, List.of(head));
    backbone.setTraining(FineTuning.full());
  }

  @Override
  public String name() {
    return kind == Kind.BERT ? "bert" : "vit";
  }

  @Override
  public int examples() {
    return kind.examples;
  }

  @Override
  public Backbone backbone() {
    return backbone;
  }

  @Override
  public NDArray loss(Scope scope, @Nullable Tape tape) {
    NDArray x = positions.forward(scope, embedded(scope, tape), tape);
    if (kind == Kind.BERT) {
      x = norm.forward(scope, x, tape);
    }
    for (TransformerBlock block : blocks) {
      x = block.forward(scope, x, null, tape);
    }
    if (kind == Kind.VIT) {
      x = norm.forward(scope, x, tape);
    }
    return batch.loss(scope, head.forward(scope, x.mean(new int[]{1}), tape));
  }

  private NDArray embedded(Scope scope, @Nullable Tape tape) {
    if (words != null) {
      return words.forward(scope, batch.input(), tape);
    }
    if (patches == null) {
      throw new IllegalStateException("neither words nor patches");
    }
    try (Scope cutting = scope.child()) {
      NDArray cut = cutting.own(batch.input().reshape(kind.examples, 3, 8, 8, 8, 8));
      NDArray rows = cut.transpose(0, 2, 4, 1, 3, 5).reshape(kind.examples, kind.positions, PATCH_VALUES);
      return patches.forward(scope, cutting.release(rows), tape);
    }
  }

  @Override
  public List<Product> products() {
    long rows = (long) kind.examples * kind.positions;
    long d = kind.width;
    long heads = (long) kind.examples * kind.heads;
    long t = kind.positions;
    List<Product> products = new ArrayList<>();
    if (kind == Kind.VIT) {
      products.add(new Product(1, rows, PATCH_VALUES, d, 1));
      products.add(new Product(1, d, rows, PATCH_VALUES, 1));
    }
    addLinear(products, rows, d, d, 4 * kind.layers);
    addLinear(products, rows, d, 4 * d, kind.layers);
    addLinear(products, rows, 4 * d, d, kind.layers);
    addLinear(products, kind.examples, d, OUT, 1);
    // q kᵀ and weights v; backward two products for each
    products.add(new Product(heads, t, d / kind.heads, t, 2 * kind.layers));
    products.add(new Product(heads, t, t, d / kind.heads, 4 * kind.layers));
    return products;
  }

  /** Forward, the gradient of the input, the gradient of the weight. */
  private static void addLinear(List<Product> products, long rows, long in, long out, int count) {
    products.add(new Product(1, rows, in, out, count));
    products.add(new Product(1, rows, out, in, count));
    products.add(new Product(1, out, rows, in, count));
  }

  @Override
  public void close() {
    backbone.close();
    batch.close();
  }
}
