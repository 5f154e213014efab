package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.evaluation.BlockScorer;
import io.sfumato.recommend.evaluation.DotProductScorer;
import io.sfumato.recommend.evaluation.Evaluation;
import io.sfumato.recommend.evaluation.Metric;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Matrix factorisation by Bayesian personalised ranking (Rendle et al., UAI 2009): with a vector {@code p_u} a user, a vector {@code q_i} and a bias {@code b_i} an item, {@code x_ui = p_u·q_i + b_i}, and stochastic
 * gradient ascent on {@code Σ ln σ(x_ui − x_uj) − λ|Θ|²} over drawn triples of a user, an item that the user took and one that the user did not (their algorithm LearnBPR). The rate falls in a line to a tenth.
 *
 * <p>A baseline: it learns a vector for each user of the training interactions, so that it can score nobody else, and nothing of the content of items. One thread draws and updates, so the same seed gives the same
 * bits. An epoch takes as many draws as there are training interactions; memory is 4 bytes times {@code (users + items) · factors}, three times that while it is fitted.
 *
 * <p>Immutable once fitted, and safe for use by many threads.
 */
public final class Bpr implements BlockScorer {
  /** The name in reports. */
  public static final String NAME = "bpr";

  private static final int K = 20;
  /** Epochs between validations, and validations without a better one before a fit stops. */
  private static final int VALIDATE_EVERY = 10;
  private static final int PATIENCE = 3;
  private static final double LAST_RATE = 0.1;
  private static final double START = 0.1;

  /**
   * Settings.
   *
   * @param factors length of the vectors, at least 1
   * @param epochs passes over the training interactions, at least 1; at most so many in {@link #choose}
   * @param rate of the first steps, above 0
   * @param l2 λ, at least 0
   * @param seed of the first vectors and the draws
   */
  public record Options(int factors, int epochs, double rate, double l2, long seed) {

    /** 64 factors, 200 epochs, rate 0.05, λ = 0.01. */
    public static final Options DEFAULT = new Options(64, 200, 0.05, 0.01, 1);

    public Options {
      if (factors < 1 || epochs < 1 || !(rate > 0) || !(l2 >= 0)) {
        throw new IllegalArgumentException(
            "factors and epochs must be at least 1, the rate above 0 and l2 at least 0 but were %d, %d, %s, %s"
                .formatted(factors, epochs, rate, l2));
      }
    }

    /** The same with another λ. */
    public Options withL2(double value) {
      return new Options(factors, epochs, rate, value, seed);
    }

    /** The same with another rate. */
    public Options withRate(double value) {
      return new Options(factors, epochs, value, l2, seed);
    }

    /** The same with another number of epochs. */
    public Options withEpochs(int value) {
      return new Options(factors, value, rate, l2, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long value) {
      return new Options(factors, epochs, rate, l2, value);
    }

    private String label() {
      return String.format(Locale.ROOT, "bpr factors=%d rate=%s l2=%s", factors, rate, l2);
    }
  }

  /**
   * The best of several fits.
   *
   * @param model the one with the best NDCG@20 on validation, as it was when it was best
   * @param options what it was fitted with; its epochs are those after which it was best
   * @param trials NDCG@20 on validation by options
   */
  public record Choice(Bpr model, Options options, Map<String, Double> trials) {}

  private final DotProductScorer product;

  /** @param product of {@code [p_u, 1]} and {@code [q_i, b_i]} */
  private Bpr(DotProductScorer product) {
    this.product = product;
  }

  /** Fits the training interactions for as many epochs as the options say. */
  public static Bpr fit(Interactions train, Options options) {
    Learner learner = new Learner(train, options);
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      learner.epoch(epoch);
    }
    return learner.model();
  }

  /** A grid for {@link #choose}: λ of 0.01, 0.02, 0.03 and 0.05. */
  public static List<Options> grid(long seed) {
    Options options = Options.DEFAULT.withSeed(seed);
    return List.of(options.withL2(0.01), options.withL2(0.02), options.withL2(0.03), options.withL2(0.05));
  }

  /**
   * Fits with each of some options and keeps the one that ranks the validation interactions best. Each fit is validated every {@value #VALIDATE_EVERY} epochs and stops after {@value #PATIENCE} validations
   * without a better one; where there is nothing to validate on, the first options are fitted to the end. The test interactions are not looked at.
   *
   * @param grid at least one
   * @param threads that validate, at least 1
   */
  public static Choice choose(Split split, List<Options> grid, int threads, Progress progress) {
    if (split.valid().size() == 0) {
      return new Choice(fit(split.train(), grid.getFirst()), grid.getFirst(), Map.of());
    }
    progress.start("choosing BPR", grid.stream().mapToLong(Options::epochs).sum());
    Choice best = null;
    double bestNdcg = Double.NEGATIVE_INFINITY;
    Map<String, Double> trials = new LinkedHashMap<>();
    for (Options options : grid) {
      Learner learner = new Learner(split.train(), options);
      double own = Double.NEGATIVE_INFINITY;
      int stale = 0;
      for (int epoch = 0; epoch < options.epochs() && stale < PATIENCE; epoch++) {
        learner.epoch(epoch);
        if ((epoch + 1) % VALIDATE_EVERY == 0 || epoch + 1 == options.epochs()) {
          Bpr model = learner.model();
          double ndcg = validate(split, model, threads);
          stale = ndcg > own ? 0 : stale + 1;
          own = Math.max(own, ndcg);
          if (best == null || ndcg > bestNdcg) {
            best = new Choice(model, options.withEpochs(epoch + 1), Map.of());
            bestNdcg = ndcg;
          }
        }
        progress.advance(1, String.format(Locale.ROOT, "best NDCG %.4f", Math.max(0, bestNdcg)));
      }
      trials.put(options.label(), own);
    }
    progress.finish();
    if (best == null) {
      throw new IllegalArgumentException("there must be options to choose from but the grid is empty");
    }
    return new Choice(best.model, best.options, trials);
  }

  private static double validate(Split split, Bpr model, int threads) {
    return Evaluation.of(split)
        .part(Evaluation.Part.VALID)
        .k(K)
        .threads(threads)
        .scorer(model)
        .run()
        .mean(NAME, Metric.NDCG, K);
  }

  @Override
  public String name() {
    return NAME;
  }

  /** As in {@link BlockScorer}; users by their indices in the training interactions. */
  @Override
  public void score(int[] block, int from, int to, int firstItem, int endItem, float[] scores) {
    product.score(block, from, to, firstItem, endItem, scores);
  }

  private static float dot(float[] a, float[] b) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int k = 0;
    for (; k + 3 < a.length; k += 4) {
      s0 += a[k] * b[k];
      s1 += a[k + 1] * b[k + 1];
      s2 += a[k + 2] * b[k + 2];
      s3 += a[k + 3] * b[k + 3];
    }
    for (; k < a.length; k++) {
      s0 += a[k] * b[k];
    }
    return s0 + s1 + (s2 + s3);
  }

  /** A model that is being fitted. */
  private static final class Learner {
    private final Interactions train;
    private final Options options;
    private final int[][] taken;
    private final SplittableRandom random;
    private final float[][] users;
    private final float[][] items;
    private final float[] biases;

    Learner(Interactions train, Options options) {
      this.train = train;
      this.options = options;
      this.random = new SplittableRandom(options.seed());
      this.taken = new int[train.userCount()][];
      for (int user = 0; user < taken.length; user++) {
        taken[user] = train.itemsOf(user);
        Arrays.sort(taken[user]);
      }
      this.users = gaussian(train.userCount());
      this.items = gaussian(train.itemCount());
      this.biases = new float[items.length];
    }

    /** The model as it is now. */
    Bpr model() {
      float[][] p = new float[users.length][];
      float[][] q = new float[items.length][];
      for (int user = 0; user < p.length; user++) {
        p[user] = Arrays.copyOf(users[user], options.factors() + 1);
        p[user][options.factors()] = 1;
      }
      for (int item = 0; item < q.length; item++) {
        q[item] = Arrays.copyOf(items[item], options.factors() + 1);
        q[item][options.factors()] = biases[item];
      }
      return new Bpr(new DotProductScorer(NAME, p, q));
    }

    private float[][] gaussian(int count) {
      float[][] rows = new float[count][options.factors()];
      double deviation = START / Math.sqrt(options.factors());
      for (float[] row : rows) {
        for (int k = 0; k < row.length; k++) {
          row[k] = (float) (deviation * random.nextGaussian());
        }
      }
      return rows;
    }

    void epoch(int epoch) {
      double done = (double) epoch / options.epochs();
      float rate = (float) (options.rate() * (1 - (1 - LAST_RATE) * done));
      for (int draw = 0; draw < train.size(); draw++) {
        int row = random.nextInt(train.size());
        int user = train.user(row);
        if (taken[user].length < train.itemCount()) {
          step(user, train.item(row), other(taken[user]), rate);
        }
      }
    }

    /** An item that the user did not take, all alike. */
    private int other(int[] own) {
      while (true) {
        int item = random.nextInt(train.itemCount());
        if (Arrays.binarySearch(own, item) < 0) {
          return item;
        }
      }
    }

    private void step(int user, int liked, int other, float rate) {
      float[] p = users[user];
      float[] q = items[liked];
      float[] r = items[other];
      float margin = biases[liked] - biases[other] + dot(p, q) - dot(p, r);
      float pull = rate * (float) (1 / (1 + Math.exp(margin)));
      float keep = 1 - rate * (float) options.l2();
      for (int k = 0; k < p.length; k++) {
        float was = p[k];
        p[k] = keep * was + pull * (q[k] - r[k]);
        q[k] = keep * q[k] + pull * was;
        r[k] = keep * r[k] - pull * was;
      }
      biases[liked] = keep * biases[liked] + pull;
      biases[other] = keep * biases[other] - pull;
    }
  }
}
