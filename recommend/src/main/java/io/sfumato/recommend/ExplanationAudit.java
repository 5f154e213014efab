package io.sfumato.recommend;

import io.sfumato.datasets.Interactions;
import io.sfumato.recommend.RecommendationPipeline.Ranked;
import io.sfumato.recommend.collaborative.ContentRidge;
import io.sfumato.recommend.ranking.CandidateList;
import io.sfumato.recommend.ranking.Channel;
import io.sfumato.recommend.ranking.FeatureExtractor;
import io.sfumato.recommend.ranking.FeatureSet;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether explanations hold: takes away what an explanation names and looks whether the score of the explained item falls, among the same candidates.
 *
 * <ul>
 * <li><b>Reason.</b> The item of the history that the explanation names first is taken out of the history. Beside it another item of the history that it does not name, drawn at random.
 * <li><b>Channel.</b> What the channel with the largest share says of the item is replaced by what it says of an average candidate: its columns of the feature matrix by their means over the list, and its side of
 * signals that are text and picture in one by the mean of that side. A regression by a kernel has no sides: of its score the part goes that the explanation gives to the channel.
 * <li><b>Modality.</b> The same with the larger of text and image, where the item has both.
 * </ul>
 */
public final class ExplanationAudit {
  private final RecommenderModel model;
  private final CandidateSignals signals;
  private final RecommendationPipeline pipeline;
  private final FeatureSet features;
  private final FeatureExtractor extractor;

  /** An audit of a model's explanations. */
  public ExplanationAudit(RecommenderModel model) {
    this.model = model;
    this.pipeline = model.pipeline();
    this.signals = pipeline.signals();
    this.features = model.ranker().features();
    this.extractor = new FeatureExtractor(features, model.statistics());
  }

  /**
   * What taking something away did.
   *
   * @param checked explanations that named such a thing
   * @param lowered those whose item's score fell
   * @param drop the mean fall of the score, in units of its standard deviation over the list
   */
  public record Outcome(int checked, int lowered, double drop) {
    /** The share of explanations that hold; NaN where none was checked. */
    public double rate() {
      return checked == 0 ? Double.NaN : (double) lowered / checked;
    }

    /** For JSON. */
    public Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("checked", checked);
      map.put("lowered", lowered);
      map.put("rate", checked == 0 ? null : rate());
      map.put("drop", drop);
      return map;
    }
  }

  /**
   * What was found.
   *
   * @param users whose recommendations were explained
   * @param reason the first reason taken out of the history
   * @param other another item taken out of the history, for comparison
   * @param channel the channel with the largest share
   * @param modality the larger of text and image
   */
  public record Result(int users, Outcome reason, Outcome other, Outcome channel, Outcome modality) {
    /** For JSON. */
    public Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("users", users);
      map.put("reason", reason.toMap());
      map.put("other", other.toMap());
      map.put("channel", channel.toMap());
      map.put("modality", modality.toMap());
      return map;
    }
  }

  /** Adds up what taking one kind of thing away did. */
  private static final class Tally {
    private int checked;
    private int lowered;
    private double drop;

    void add(double before, double after, double unit) {
      checked++;
      lowered += after < before ? 1 : 0;
      drop += unit > 0 ? (before - after) / unit : 0;
    }

    Outcome outcome() {
      return new Outcome(checked, lowered, checked == 0 ? 0 : drop / checked);
    }
  }

  /**
   * Explains and checks the best recommendations of some users.
   *
   * @param known histories, items as in the model's catalogue
   * @param users how many users with a history of two items or more, drawn at random
   * @param k how many recommendations of each
   */
  public Result run(Interactions known, int users, int k, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] sample = sample(known, users, random);
    Tally reason = new Tally();
    Tally other = new Tally();
    Tally channel = new Tally();
    Tally modality = new Tally();
    for (int user : sample) {
      Case one = new Case(known, user);
      for (Ranked ranked : pipeline.rank(one.userVector, one.history, one.candidates, one.now, k)) {
        int row = one.row(ranked.item());
        double before = one.scores[row];
        if (!ranked.because().isEmpty()) {
          int named = ranked.because().keySet().iterator().next();
          reason.add(before, one.scoreWithout(named, row), one.spread);
          int[] rest = Arrays.stream(one.history).filter(item -> !ranked.because().containsKey(item)).toArray();
          if (rest.length > 0) {
            other.add(before, one.scoreWithout(rest[random.nextInt(rest.length)], row), one.spread);
          }
        }
        channel.add(before, one.scoreWithout(strongest(ranked.shares()), row), one.spread);
        Shares shares = ranked.shares();
        if (shares.text() > 0 && shares.image() > 0 && hasBoth(ranked.item())) {
          Channel larger = shares.text() >= shares.image() ? Channel.TEXT : Channel.IMAGE;
          modality.add(before, one.scoreWithout(larger, row), one.spread);
        }
      }
    }
    return new Result(sample.length, reason.outcome(), other.outcome(), channel.outcome(), modality.outcome());
  }

  private static int[] sample(Interactions known, int users, SplittableRandom random) {
    int[] all = IntStream.range(0, known.userCount()).filter(user -> known.itemsOf(user).length > 1).toArray();
    for (int i = all.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = all[i];
      all[i] = all[j];
      all[j] = swapped;
    }
    return Arrays.copyOf(all, Math.min(users, all.length));
  }

  private boolean hasBoth(int item) {
    return IntStream.range(0, signals.items().modalities().size())
        .filter(m -> signals.items().present(m, item))
        .count() > 1;
  }

  private static Channel strongest(Shares shares) {
    double[] values = {shares.text(), shares.image(), shares.collaborative(), shares.popularity()};
    int best = 0;
    for (int c = 1; c < values.length; c++) {
      best = values[c] > values[best] ? c : best;
    }
    return Channel.EXPLAINED.get(best);
  }

  /** A user with their candidates. */
  private final class Case {
    private final int[] history;
    private final float[] userVector;
    private final int[] candidates;
    private final long now;
    private final CandidateList list;
    private final float[] matrix;
    private final float[] scores;
    private final double spread;

    Case(Interactions known, int user) {
      history = known.itemsOf(user);
      userVector = signals.userVector(history);
      BitSet allowed = new BitSet();
      allowed.set(0, model.catalog().size());
      Arrays.stream(history).forEach(allowed::clear);
      candidates = signals.candidates(userVector, history, allowed);
      long last = known.timestamp(known.end(user) - 1);
      now = last > 0 ? last : model.statistics().latest();
      list = signals.list(features, userVector, history, candidates, now);
      matrix = extractor.extract(list);
      scores = new float[candidates.length];
      model.ranker().score(matrix, candidates.length, scores);
      double mean = IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).average().orElse(0);
      spread = Math.sqrt(IntStream.range(0, scores.length)
          .mapToDouble(i -> (scores[i] - mean) * (scores[i] - mean))
          .average()
          .orElse(0));
    }

    int row(int item) {
      return IntStream.range(0, candidates.length).filter(row -> candidates[row] == item).findFirst().orElseThrow();
    }

    double scoreWithout(int taken, int row) {
      int[] rest = Arrays.stream(history).filter(item -> item != taken).toArray();
      return pipeline.score(rest, candidates, now)[row];
    }

    double scoreWithout(Channel channel, int row) {
      int width = features.width();
      float[] changed = matrixWithout(channel, row);
      float[] one = Arrays.copyOfRange(changed, row * width, (row + 1) * width);
      for (int column = 0; column < width; column++) {
        FeatureSet.Column of = features.columns().get(column);
        if (of.channel() == channel && !mixed(signal(of))) {
          double sum = 0;
          for (int r = 0; r < candidates.length; r++) {
            sum += matrix[r * width + column];
          }
          one[column] = (float) (sum / candidates.length);
        }
      }
      float[] score = new float[1];
      model.ranker().score(one, 1, score);
      return score[0];
    }

    /** The matrix where the channel's side of the mixed signals is the mean one for this row. */
    private float[] matrixWithout(Channel channel, int row) {
      float[] @Nullable [] changed = list.scores().clone();
      for (int s = 0; s < changed.length; s++) {
        float[] all = changed[s];
        String name = features.sources().get(s).name();
        if (all != null && mixed(name)) {
          double[] sides = sides(name, channel, row);
          float[] other = all.clone();
          other[row] -= (float) (sides[row] - Arrays.stream(sides).average().orElse(0));
          changed[s] = other;
        }
      }
      return extractor.extract(new CandidateList(history, candidates, changed, now));
    }

    /** What the channel's modalities say in a mixed signal, one a candidate; where a kernel joins them, the part of the whole that the explanation of the row gives to them. */
    private double[] sides(String name, Channel channel, int row) {
      double[] sides = new double[candidates.length];
      if (name.equals(CandidateSignals.SIMILARITY)) {
        for (int m = 0; m < signals.items().modalities().size(); m++) {
          if (CandidateSignals.channel(signals.items().modalities().get(m)) == channel) {
            for (int r = 0; r < sides.length; r++) {
              sides[r] += signals.items().dot(userVector, m, candidates[r]);
            }
          }
        }
        return sides;
      }
      ContentRidge ridge = ridge(name);
      float[] taste = ridge.taste(CandidateSignals.known(ridge, history));
      if (!ridge.splits()) {
        double part = part(channel, candidates[row]);
        for (int r = 0; r < sides.length; r++) {
          sides[r] = candidates[r] < ridge.itemCount() ? part * ridge.score(taste, candidates[r]) : 0;
        }
        return sides;
      }
      for (int r = 0; r < sides.length; r++) {
        float[] blocks = candidates[r] < ridge.itemCount() ? ridge.blockScores(taste, candidates[r]) : new float[0];
        for (int b = 0; b < blocks.length; b++) {
          sides[r] += CandidateSignals.channel(ridge.blocks().get(b)) == channel ? blocks[b] : 0;
        }
      }
      return sides;
    }

    /** The part of what text and picture say for an item that this channel says. */
    private double part(Channel channel, int item) {
      double[] parts = Explainer.contentParts(signals.items(), item, userVector);
      double own = channel == Channel.IMAGE ? parts[1] : channel == Channel.TEXT ? parts[0] : 0;
      return parts[0] + parts[1] > 0 ? own / (parts[0] + parts[1]) : 0;
    }
  }

  private boolean mixed(String signal) {
    return signal.equals(CandidateSignals.SIMILARITY) || signals.models()
        .stream()
        .anyMatch(of -> of.signal().name().equals(signal) && of.model() instanceof ContentRidge);
  }

  private ContentRidge ridge(String signal) {
    return signals.models()
        .stream()
        .filter(of -> of.signal().name().equals(signal))
        .map(of -> (ContentRidge) of.model())
        .findFirst()
        .orElseThrow();
  }

  private static String signal(FeatureSet.Column column) {
    return column.name().substring(0, Math.max(0, column.name().lastIndexOf('.')));
  }
}
