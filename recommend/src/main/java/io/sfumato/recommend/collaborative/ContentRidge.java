package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.TensorValues;
import io.sfumato.encoders.linalg.InnerProducts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Taste regressed on content: a ridge regression a user of who-took-what on the items' features, solved for all users at once, so that a history
 * {@code x} scores all items as {@code F (F_wᵀF_w + λI)⁻¹ F_wᵀ x}, w being the items with interactions. Features are centred; with a kernel ({@link Options#gamma}) they are its leading directions, and the
 * regression is kernel ridge regression (Saunders et al. 1998). An item that nobody took is scored like any other, by its content, and so is one that came after training
 * ({@link #score(float[], float[])}).
 *
 * <p>Memory is one row of features an item. Without a kernel a score is a sum over feature columns and splits exactly by block ({@link #blockScores}).
 */
public final class ContentRidge implements ItemModel {
  static final String NAME = "content-ridge";
  /** In catalogues whose features are more numbers than this, it proposes nothing: whose content is near is found by others. */
  private static final long PROPOSING = 8_000_000;

  /**
   * Settings.
   *
   * @param l2 λ, above 0
   * @param gamma γ of the Gaussian kernel of content, at least 0; 0 for a regression that is linear in the features
   * @param seed of the draw of landmarks, where there are many items
   */
  public record Options(double l2, double gamma, long seed) {
    public Options {
      if (!(l2 > 0) || !(gamma >= 0)) {
        throw new IllegalArgumentException("l2 must be above 0 and gamma at least 0 but were %s and %s".formatted(l2,
            gamma));
      }
    }

    /** A regression that is linear in the features. */
    public static Options linear(double l2) {
      return new Options(l2, 0, 0);
    }
  }

  private final List<String> blockNames;
  private final Centred centring;
  private final @Nullable ContentKernel kernel;
  private final float[][] features;
  private final float[] inverse;
  private final double l2;

  private ContentRidge(List<String> blockNames, Centred centring, @Nullable ContentKernel kernel, float[][] features,
      float[] inverse, double l2) {
    this.blockNames = List.copyOf(blockNames);
    this.centring = centring;
    this.kernel = kernel;
    this.features = features;
    this.inverse = inverse;
    this.l2 = l2;
  }

  /** Solves the regression over the items with interactions. */
  public static ContentRidge fit(Interactions train, ContentFeatures content, Options options) {
    int[] counts = train.itemCounts();
    return fit(content, IntStream.range(0, counts.length).filter(item -> counts[item] > 0).toArray(), options);
  }

  /** The regression over the whole catalogue, whoever took what: it knows nothing of interactions. */
  public static ContentRidge ofCatalog(ContentFeatures content, Options options) {
    return fit(content, IntStream.range(0, content.rows().length).toArray(), options);
  }

  private static ContentRidge fit(ContentFeatures content, int[] warm, Options options) {
    boolean some = content.width() > 0
        && Arrays.stream(warm).anyMatch(item -> Centred.isPresent(content.rows()[item]));
    ContentKernel kernel = options.gamma() > 0 && some ? ContentKernel.fit(content, warm, options.gamma(), options
        .seed()) : null;
    Centred centring = kernel == null ? Centred.by(content, warm) : kernel.centring();
    return solve(content.names(), centring, kernel,
        kernel == null ? centring.apply(content.rows()) : kernel.apply(content.rows()), warm, options.l2());
  }

  private static ContentRidge solve(List<String> names, Centred centring, @Nullable ContentKernel kernel,
      float[][] features, int[] warm, double l2) {
    float[][] warmFeatures = Arrays.stream(warm).mapToObj(item -> features[item]).toArray(float[][]::new);
    int d = kernel == null ? centring.mean().length : kernel.width();
    float[] gram = d == 0 || warm.length == 0 ? new float[d * d] : Dense.columnGram(warmFeatures);
    for (int k = 0; k < d; k++) {
      gram[k * d + k] += (float) l2;
    }
    return new ContentRidge(names, centring, kernel, features, d == 0 ? gram : Dense.inverse(gram, d), l2);
  }

  /**
   * The same features with another penalty or other histories, without mapping them anew.
   *
   * @param penalty λ, above 0
   */
  public ContentRidge refitted(Interactions train, double penalty) {
    int[] counts = train.itemCounts();
    int[] warm = IntStream.range(0, counts.length).filter(item -> counts[item] > 0).toArray();
    return solve(blockNames, centring, kernel, features, warm, penalty);
  }

  /** The same regression of other histories. */
  public ContentRidge refitted(Interactions train) {
    return refitted(train, l2);
  }

  static ContentRidge load(SafeTensors file) {
    List<String> names = List.of(file.metadata().getOrDefault("blocks", "").split(","));
    float[] mean = TensorValues.finite(file, "mean");
    int[] blockEnds = TensorValues.whole(file, "block_ends", -1, Integer.MAX_VALUE);
    for (int b = 0; b < blockEnds.length; b++) {
      if (blockEnds[b] < (b == 0 ? 0 : blockEnds[b - 1]) || blockEnds[b] > mean.length) {
        throw corrupt(file, "its blocks end at " + Arrays.toString(blockEnds) + " of " + mean.length + " columns");
      }
    }
    if (blockEnds.length > 0 && (blockEnds[blockEnds.length - 1] != mean.length || names.size() != blockEnds.length)) {
      throw corrupt(file, "it has blocks " + names + " that end at " + Arrays.toString(blockEnds) + " of " + mean.length
          + " columns");
    }
    Centred centring = new Centred(blockEnds, mean);
    ContentKernel kernel = file.has("kernel.gamma") ? ContentKernel.read(file, centring) : null;
    float[][] features = Dense.rows(file, "features", Math.toIntExact(file.shape("features")[0]));
    int width = features.length == 0 ? 0 : features[0].length;
    if (width > 0 && width != (kernel == null ? mean.length : kernel.width())) {
      throw corrupt(file, "its features have " + width + " columns, another number than it maps to");
    }
    return new ContentRidge(blockEnds.length == 0 ? List.of() : names, centring, kernel, features,
        TensorValues.finite(file, "inverse", width == 0 ? -1 : (long) width * width),
        TensorValues.finite(file, "l2", 1)[0]);
  }

  private static EncoderException corrupt(SafeTensors file, String why) {
    return new EncoderException("CHECKPOINT_CORRUPT", file.origin() + " holds no regression on content: " + why);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int itemCount() {
    return features.length;
  }

  /** The names of the blocks of the raw features. */
  public List<String> blocks() {
    return blockNames;
  }

  /** The number of raw feature columns that {@link #score(float[], float[])} wants. */
  public int width() {
    return centring.mean().length;
  }

  /** The features of the items as the regression sees them: centred, or the directions of the kernel; [items][width], not to be changed. */
  public ContentFeatures mapped() {
    int width = features.length == 0 ? 0 : features[0].length;
    return new ContentFeatures(List.of("content"), List.of(width), features);
  }

  /**
   * The taste of a history: regression weights over the feature columns.
   *
   * @return fresh array, to be given to {@link #score(float[], int)}; zeros for an empty history
   */
  public float[] taste(int[] history) {
    float[] sum = new float[features.length == 0 ? 0 : features[0].length];
    for (int item : history) {
      if (item < features.length) {
        addScaled(sum, features[item], 1);
      }
    }
    return regressed(sum);
  }

  /** {@code (F_wᵀF_w + λI)⁻¹ x}; symmetric, so that rows serve for columns. */
  private float[] regressed(float[] x) {
    float[] out = new float[x.length];
    for (int k = 0; k < x.length; k++) {
      float value = x[k];
      for (int j = 0; value != 0 && j < x.length; j++) {
        out[j] += value * inverse[k * x.length + j];
      }
    }
    return out;
  }

  private static void addScaled(float[] to, float[] row, float scale) {
    for (int k = 0; k < to.length; k++) {
      to[k] += scale * row[k];
    }
  }

  @Override
  public void score(int[] history, float[] out) {
    float[] taste = taste(history);
    for (int item = 0; item < features.length; item++) {
      out[item] = dot(taste, features[item], 0, taste.length);
    }
  }

  @Override
  public void scoreItems(int[] history, int[] items, float[] out) {
    float[] taste = taste(history);
    for (int i = 0; i < items.length; i++) {
      out[i] = items[i] < features.length ? score(taste, items[i]) : Float.NaN;
    }
  }

  /** All items, where the catalogue's features are at most {@value #PROPOSING} numbers; none in larger ones. */
  @Override
  public void propose(int[] history, int limit, Proposals to) {
    if (features.length == 0 || (long) features.length * features[0].length > PROPOSING) {
      return;
    }
    float[] taste = taste(history);
    for (int item = 0; item < features.length; item++) {
      float score = score(taste, item);
      if (score != 0) {
        to.offer(item, score);
      }
    }
  }

  /** The score of one item of the catalogue for a taste. */
  public float score(float[] taste, int item) {
    return dot(taste, features[item], 0, taste.length);
  }

  /**
   * The score of an item that came after training, for a taste.
   *
   * @param row its raw features, {@link #width} columns
   */
  public float score(float[] taste, float[] row) {
    return dot(taste, mapped(row), 0, taste.length);
  }

  /** The features of an item that came after training, as the regression sees them: a score is their inner product with a taste. */
  public float[] mapped(float[] row) {
    return kernel == null ? centring.apply(row) : kernel.apply(row);
  }

  /** Whether a score splits into what each block adds: it does where no kernel joins them. */
  public boolean splits() {
    return kernel == null;
  }

  /** The score of one item of the catalogue for a taste, by {@link #blocks() block}: where it {@link #splits}, these sum to {@link #score(float[], int)}. */
  public float[] blockScores(float[] taste, int item) {
    if (!splits()) {
      throw new IllegalStateException("the score of a regression by a kernel does not split into blocks");
    }
    int[] blockEnds = centring.ends();
    float[] scores = new float[blockEnds.length];
    for (int b = 0, from = 0; b < blockEnds.length; from = blockEnds[b++]) {
      scores[b] = dot(taste, features[item], from, blockEnds[b]);
    }
    return scores;
  }

  @Override
  public float[] contributions(int[] history, int item) {
    float[] contributions = new float[history.length];
    if (item < features.length) {
      float[] wanted = regressed(features[item]);
      for (int h = 0; h < history.length; h++) {
        contributions[h] = history[h] < features.length ? dot(wanted, features[history[h]], 0, wanted.length) : 0;
      }
    }
    return contributions;
  }

  /** Whether the item has content. */
  @Override
  public boolean knows(int item) {
    return item < features.length && Centred.isPresent(features[item]);
  }

  private static float dot(float[] a, float[] b, int from, int to) {
    return InnerProducts.of(a, from, b, from, to - from);
  }

  @Override
  public void save(Path file) {
    List<FloatTensor> tensors = new ArrayList<>();
    float[] ends = new float[centring.ends().length];
    for (int b = 0; b < ends.length; b++) {
      ends[b] = centring.ends()[b];
    }
    tensors.add(new FloatTensor("block_ends", new long[]{ends.length}, ends));
    tensors.add(new FloatTensor("mean", new long[]{centring.mean().length}, centring.mean().clone()));
    int width = features.length == 0 ? 0 : features[0].length;
    float[] flat = new float[Math.multiplyExact(features.length, width)];
    for (int i = 0; i < features.length; i++) {
      System.arraycopy(features[i], 0, flat, i * width, width);
    }
    tensors.add(new FloatTensor("features", new long[]{features.length, width}, flat));
    tensors.add(new FloatTensor("inverse", new long[]{width, width}, inverse.clone()));
    tensors.add(new FloatTensor("l2", new long[]{1}, new float[]{(float) l2}));
    if (kernel != null) {
      tensors.addAll(kernel.tensors());
    }
    ItemModels.write(file, this, tensors, String.join(",", blockNames));
  }
}
