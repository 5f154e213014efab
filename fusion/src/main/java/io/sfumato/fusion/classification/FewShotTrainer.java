package io.sfumato.fusion.classification;

import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.fusion.EncodedItems;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.Modality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a classifier of a few labelled items a class, over frozen encoders whose unit vectors are put side by side. Nothing is back-propagated, so it takes as long as encoding the examples.
 *
 * <p>The examples are drawn from the training part by the seed. The validation part chooses the penalty of a linear probe and the temperature of the probabilities; where it is empty, the penalty is
 * {@value #USUAL_PENALTY} and the probabilities stay as they are.
 *
 * @param method how
 * @param shots examples of each class, 1 or more; a class with fewer brings all it has
 * @param labels the labels to tell apart; empty for those of the training part
 * @param seed by which examples are drawn
 */
public record FewShotTrainer(FewShotMethod method, int shots, List<String> labels, long seed) {

  /** λ of a linear probe where there is no validation to choose it by. */
  public static final double USUAL_PENALTY = 1e-3;

  /** λs of a linear probe that are tried. */
  private static final double[] PENALTIES = {1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6};

  public FewShotTrainer {
    labels = List.copyOf(labels);
    if (shots < 1) {
      throw new FusionException("BAD_OPTION", "shots must be 1 or more but were " + shots);
    }
  }

  /**
   * Makes a classifier, which takes over the encoders of modalities that are not borrowed.
   *
   * <p>The results in its {@linkplain ClassifierFacts facts}: {@code train}, {@code valid} (numbers of items), {@code classes} (examples by label), {@code penalty}, {@code temperature}.
   *
   * @param modalities at least one; all weigh the same
   * @param cache where the encoders' outputs are looked up and kept, or null
   * @throws FusionException {@code ONE_CLASS}, {@code NO_CONTENT} where no item has any of the modalities
   */
  public Classifier train(List<Modality<?, ?>> modalities, LabelledItems data, ItemParts parts,
      @Nullable VectorCache cache, Progress progress) {
    ClassIndex index = ClassIndex.of(data, parts, labels);
    int[] examples = examples(data, index);
    int[] valid = index.valid();
    int[] needed = IntStream.concat(Arrays.stream(examples), Arrays.stream(valid)).toArray();
    JoinedFeatures features = features(modalities);
    float[][] x = vectors(modalities, features, data.select(needed), cache, progress);
    float[][] seen = Arrays.copyOf(x, examples.length);
    float[][] held = Arrays.copyOfRange(x, examples.length, x.length);
    int[] y = index.classesOf(examples);
    int[] heldY = index.classesOf(valid);

    Map<String, Object> results = new LinkedHashMap<>();
    results.put("train", examples.length);
    results.put("valid", valid.length);
    results.put("classes", counts(index, y));
    LinearHead head = method == FewShotMethod.PROTOTYPES
        ? prototypes(seen, y, index.labels().size())
        : probe(seen, y, index.labels().size(), held, heldY, results, progress);
    double temperature = TemperatureScaling.fit(logits(head, held), heldY);
    results.put("temperature", temperature);
    Map<String, String> options = new LinkedHashMap<>();
    options.put("shots", Integer.toString(shots));
    ClassifierFacts facts = new ClassifierFacts(method.id(), data.column(), parts.toString(), seed, Map.of(),
        data.sha256(),
        options, results, null);
    return new Classifier(index.labels(), modalities, features, head.withTemperature(temperature), facts);
  }

  /** Features of unit vectors side by side, all modalities of the same weight, their encoders frozen. */
  static JoinedFeatures features(List<Modality<?, ?>> modalities) {
    if (modalities.isEmpty()) {
      throw new FusionException("BAD_OPTION", "a classifier needs a modality or more but got none");
    }
    modalities.forEach(modality -> modality.encoder().setTraining(FineTuning.frozen()));
    double[] weights = new double[modalities.size()];
    Arrays.fill(weights, 1.0 / weights.length);
    return new JoinedFeatures(modalities.stream().mapToInt(modality -> modality.encoder().dimension()).toArray(),
        weights);
  }

  private static float[][] vectors(List<Modality<?, ?>> modalities, JoinedFeatures features, LabelledItems data,
      @Nullable VectorCache cache, Progress progress) {
    List<float[] @Nullable []> encoded = new ArrayList<>();
    boolean any = false;
    for (Modality<?, ?> modality : modalities) {
      float[] @Nullable [] rows = EncodedItems.of(modality, data.items(), cache, progress);
      encoded.add(rows);
      for (float[] row : rows) {
        any |= row != null;
      }
    }
    if (!any) {
      throw new FusionException("NO_CONTENT",
          "none of the %d examples has any of the modalities %s".formatted(data.size(),
              modalities.stream().<String>map(Modality::name).toList()));
    }
    return features.of(encoded, data.size());
  }

  /** Places of the examples: the first so many of each class in an order drawn by the seed. */
  private int[] examples(LabelledItems data, ClassIndex index) {
    int[] order = index.train().clone();
    PlainRun.shuffle(order, new SplittableRandom(seed));
    int[] taken = new int[index.labels().size()];
    List<Integer> chosen = new ArrayList<>();
    for (int item : order) {
      boolean usable = data.items().get(item).hasText() || data.items().get(item).hasImage();
      if (usable && taken[index.of()[item]] < shots) {
        taken[index.of()[item]]++;
        chosen.add(item);
      }
    }
    for (int k = 0; k < taken.length; k++) {
      if (taken[k] == 0) {
        throw new FusionException("NO_CONTENT",
            "no training item of '%s' has a text or a picture to learn from".formatted(index.labels().get(k)));
      }
    }
    return chosen.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Map<String, Integer> counts(ClassIndex index, int[] y) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    index.labels().forEach(label -> counts.put(label, 0));
    for (int label : y) {
      counts.merge(index.labels().get(label), 1, Integer::sum);
    }
    return counts;
  }

  /** −‖x − c‖² less what is the same for all classes: 2c·x − ‖c‖². */
  static LinearHead prototypes(float[][] x, int[] y, int classes) {
    int d = x[0].length;
    double[][] means = new double[classes][d];
    int[] counts = new int[classes];
    for (int i = 0; i < x.length; i++) {
      counts[y[i]]++;
      for (int j = 0; j < d; j++) {
        means[y[i]][j] += x[i][j];
      }
    }
    float[] weights = new float[classes * d];
    float[] bias = new float[classes];
    for (int k = 0; k < classes; k++) {
      double square = 0;
      for (int j = 0; j < d; j++) {
        double mean = means[k][j] / Math.max(1, counts[k]);
        weights[k * d + j] = (float) (2 * mean);
        square += mean * mean;
      }
      bias[k] = (float) -square;
    }
    return new LinearHead(classes, d, weights, bias, 1);
  }

  private static LinearHead probe(float[][] x, int[] y, int classes, float[][] held, int[] heldY,
      Map<String, Object> results, Progress progress) {
    LogisticRegression regression = new LogisticRegression(x, y, classes);
    if (heldY.length == 0) {
      results.put("penalty", USUAL_PENALTY);
      return regression.head(regression.fit(USUAL_PENALTY, null, Progress.silent()));
    }
    progress.start("linear probe", PENALTIES.length);
    try {
      double[] fitted = regression.fit(PENALTIES[0], null, Progress.silent());
      LinearHead chosen = regression.head(fitted);
      double best = TemperatureScaling.loss(logits(chosen, held), heldY, 1);
      results.put("penalty", PENALTIES[0]);
      for (int i = 1; i < PENALTIES.length; i++) { // from the strongest, each beginning where the one before it ended
        progress.advance(1, null);
        fitted = regression.fit(PENALTIES[i], fitted, Progress.silent());
        LinearHead head = regression.head(fitted);
        double loss = TemperatureScaling.loss(logits(head, held), heldY, 1);
        if (loss < best) {
          best = loss;
          chosen = head;
          results.put("penalty", PENALTIES[i]);
        }
      }
      progress.advance(1, null);
      return chosen;
    } finally {
      progress.finish();
    }
  }

  private static double[][] logits(LinearHead head, float[][] x) {
    return Arrays.stream(x).map(head::logits).toArray(double[][]::new);
  }
}
