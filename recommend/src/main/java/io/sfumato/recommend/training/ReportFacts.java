package io.sfumato.recommend.training;

import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.ExplanationAudit;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.evaluation.ModelFacts;
import io.sfumato.recommend.evaluation.ModelFacts.Curve;
import io.sfumato.recommend.evaluation.ModelFacts.Point;
import io.sfumato.recommend.evaluation.ModelFacts.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a report tells of a model beyond its lists: how the fusion weighs, item by item, and how training went. */
final class ReportFacts {
  private static final int BINS = 20;
  private static final double SPREAD = 1e-3;

  private ReportFacts() {}

  /**
   * @param results what training measured, see {@link TrainedRecommender#results}
   * @param explanations whether they hold
   * @param sweep of the fusion weight, or null
   */
  static ModelFacts of(RecommenderModel model, SfumatoConfig config, Map<String, Object> results,
      ExplanationAudit.Result explanations, @Nullable Curve sweep) {
    Map<String, Object> values = new LinkedHashMap<>();
    ItemVectors vectors = model.vectors();
    values.put("modalities", vectors.modalities());
    if (vectors.modalities().size() > 1) {
      values.put("fusion", config.fusion().kind().name().toLowerCase(Locale.ROOT));
      Map<String, Object> weights = new LinkedHashMap<>();
      for (int m = 0; m < vectors.modalities().size(); m++) {
        weights.put(vectors.modalities().get(m), vectors.meanWeight(m));
      }
      values.put("mean weights of items that have all modalities", weights);
    }
    values.put("signals of the ranking model",
        model.ranker().features().sources().stream().map(signal -> signal.name()).toList());
    if (results.get("ranker_held_out_ndcg") instanceof Number held && Double.isFinite(held.doubleValue())) {
      values.put("NDCG of the ranking model on held-out validation lists", held.doubleValue());
    }
    if (explanations.reason().checked() > 0) {
      values.put("explanations hold", String.format(Locale.ROOT,
          "taking the first reason out of the history lowers the score of %.1f %% of %d recommendations (another item of the history: %.1f %%); taking away what the strongest channel says, of %.1f %%",
          100 * explanations.reason().rate(), explanations.reason().checked(), 100 * explanations.other().rate(),
          100 * explanations.channel().rate()));
    }
    List<Curve> curves = new ArrayList<>();
    if (sweep != null) {
      curves.add(sweep);
    }
    gates(vectors, curves);
    learning(results, curves);
    return new ModelFacts(values, curves);
  }

  /** How the weight of the picture differs from item to item, where it does. */
  private static void gates(ItemVectors vectors, List<Curve> curves) {
    int image = vectors.modalities().indexOf("image");
    if (image < 0 || vectors.modalities().size() < 2) {
      return;
    }
    int[] counts = new int[BINS];
    int both = 0;
    double least = 1;
    double most = 0;
    for (int item = 0; item < vectors.size(); item++) {
      boolean all = true;
      for (int m = 0; m < vectors.modalities().size(); m++) {
        all &= vectors.present(m, item);
      }
      if (all) {
        double weight = vectors.weight(image, item);
        counts[Math.min(BINS - 1, (int) (weight * BINS))]++;
        least = Math.min(least, weight);
        most = Math.max(most, weight);
        both++;
      }
    }
    if (both > 0 && most - least > SPREAD) {
      List<Point> points = new ArrayList<>();
      for (int bin = 0; bin < BINS; bin++) {
        points.add(new Point((bin + 0.5) / BINS, (double) counts[bin] / both));
      }
      curves.add(new Curve("How much items listen to their picture", "weight of the picture in an item",
          "share of items", List.of(new Series("items", points))));
    }
  }

  private static void learning(Map<String, Object> results, List<Curve> curves) {
    learning(results, curves, "loss", "Learning: loss", "training loss");
    learning(results, curves, "validation_ndcg", "Learning: validation", "NDCG of the fused vectors alone");
    learning(results, curves, "image_weight", "Learning: the fusion weight", "weight of the picture");
  }

  private static void learning(Map<String, Object> results, List<Curve> curves, String key, String name, String label) {
    List<Point> points = new ArrayList<>();
    if (results.get("epochs") instanceof List<?> epochs) {
      for (Object epoch : epochs) {
        if (epoch instanceof Map<?, ?> row && row.get("epoch") instanceof Number at
            && row.get(key) instanceof Number value && Double.isFinite(value.doubleValue())) {
          points.add(new Point(at.doubleValue(), value.doubleValue()));
        }
      }
    }
    if (points.size() > 1) {
      curves.add(new Curve(name, "epoch", label, List.of(new Series(label, points))));
    }
  }
}
