package io.sfumato.recommend;

import io.sfumato.recommend.collaborative.ContentRidge;
import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.ranking.Channel;
import io.sfumato.recommend.ranking.FeatureSet;
import io.sfumato.recommend.ranking.Ranker;
import io.sfumato.recommend.ranking.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The signals that are text and picture in one, the fused similarity and the content regression: takes what the channel that they stand in owes to them, and shares it out between text and image by how much each side
 * of the signal speaks for the item. What owes nothing to a side's speaking for it stays where it is.
 */
final class MixedSignals {
  private final CandidateSignals signals;
  private final Ranker ranker;
  private final List<Mixed> mixed = new ArrayList<>();

  /** A signal with its columns of the feature matrix, and its model where it is a regression. */
  @SuppressWarnings("ArrayRecordComponent") // inside this class alone, never compared
  private record Mixed(int channel, int[] columns, @Nullable ContentRidge ridge) {}

  MixedSignals(CandidateSignals signals, Ranker ranker) {
    this.signals = signals;
    this.ranker = ranker;
    for (Signal signal : ranker.features().sources()) {
      int channel = Channel.EXPLAINED.indexOf(signal.channel());
      if (signal.name().equals(CandidateSignals.SIMILARITY)) {
        mixed.add(new Mixed(channel, columns(signal), null));
      }
      for (ModelSignal model : signals.models()) {
        ItemModel of = model.model();
        if (model.signal().name().equals(signal.name()) && of instanceof ContentRidge ridge) {
          mixed.add(new Mixed(channel, columns(signal), ridge));
        }
      }
    }
  }

  private int[] columns(Signal signal) {
    List<FeatureSet.Column> columns = ranker.features().columns();
    return IntStream.range(0, columns.size())
        .filter(column -> columns.get(column)
            .name()
            .substring(0, Math.max(0, columns.get(column).name().lastIndexOf('.')))
            .equals(signal.name()))
        .toArray();
  }

  /**
   * Shares the signals out.
   *
   * @param values Shapley values of the channels [rows][4], changed in place; the sum of each row stays
   * @param rows the explained rows of the feature matrix
   * @param candidates item of each row of the matrix
   */
  void share(double[][] values, int[] rows, int[] candidates, float[] matrix, float[] userVector, int[] history) {
    double[][] whole = new double[rows.length][];
    for (int r = 0; r < rows.length; r++) {
      whole[r] = values[r].clone();
    }
    for (Mixed signal : mixed) {
      double[][] rest = ranker.contributions(without(signal, matrix, rows, candidates.length), candidates.length, rows);
      float[] taste = signal.ridge == null ? new float[0]
          : signal.ridge.taste(CandidateSignals.known(signal.ridge, history));
      for (int r = 0; r < rows.length; r++) {
        double owed = whole[r][signal.channel] - rest[r][signal.channel];
        double[] sides = sides(signal, candidates[rows[r]], userVector, taste);
        if (sides[0] + sides[1] > 0) {
          values[r][signal.channel] -= owed;
          values[r][Explainer.TEXT] += owed * sides[0] / (sides[0] + sides[1]);
          values[r][Explainer.IMAGE] += owed * sides[1] / (sides[0] + sides[1]);
        }
      }
    }
  }

  /** The matrix with a signal's columns at their means over the list in the explained rows. */
  private float[] without(Mixed signal, float[] matrix, int[] rows, int count) {
    float[] without = matrix.clone();
    int width = ranker.features().width();
    for (int column : signal.columns) {
      double sum = 0;
      for (int row = 0; row < count; row++) {
        sum += matrix[row * width + column];
      }
      for (int row : rows) {
        without[row * width + column] = (float) (sum / count);
      }
    }
    return without;
  }

  /** What text and picture of the signal say for an item, where they speak for it. */
  private double[] sides(Mixed signal, int item, float[] userVector, float[] taste) {
    if (signal.ridge == null || !signal.ridge.splits()) {
      return Explainer.contentParts(signals.items(), item, userVector);
    }
    double[] sides = new double[2];
    if (item < signal.ridge.itemCount()) {
      float[] blocks = signal.ridge.blockScores(taste, item);
      for (int b = 0; b < blocks.length; b++) {
        Channel channel = CandidateSignals.channel(signal.ridge.blocks().get(b));
        sides[channel == Channel.IMAGE ? 1 : 0] += Math.max(0, blocks[b]);
      }
    }
    return sides;
  }
}
