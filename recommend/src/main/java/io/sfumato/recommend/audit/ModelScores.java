package io.sfumato.recommend.audit;

import io.sfumato.privacy.audit.MembershipScores;
import io.sfumato.recommend.RecommendationPipeline;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.audit.AuditedUnits.Person;
import io.sfumato.recommend.audit.AuditedUnits.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How well a recommender knows audited people and interactions: the log-probability that its softmax gives to an item that somebody took, from the rest of that person's training items, among
 * {@value #OTHERS} items that the person did not take. Which items are asked about, and among which others, depends on the unit and the seed alone, so that scores of several models can be compared. A person's
 * score is the mean over up to {@value #ASKED} items. Immutable and thread-safe.
 */
final class ModelScores {
  /** Most items of a person that are asked about. */
  static final int ASKED = 5;
  /** Items of the catalogue beside the one that is asked about. */
  static final int OTHERS = 200;

  /** An item to be found from a history. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Question(int[] history, int[] candidates) {}

  private final AuditedUnits units;
  private final List<List<Question>> ofPeople;
  private final List<Question> ofRows;

  /**
   * @param items size of the catalogue
   * @param seed of what is asked
   */
  ModelScores(AuditedUnits units, int items, long seed) {
    this.units = units;
    SplittableRandom random = new SplittableRandom(seed);
    this.ofPeople = units.people().stream().map(person -> questions(person, items, random.split())).toList();
    this.ofRows = units.rows().stream().map(row -> question(row, items, random.split())).toList();
  }

  private List<Question> questions(Person person, int items, SplittableRandom random) {
    int[] taken = units.taken(person.user());
    int[] order = IntStream.range(0, person.items().length).toArray();
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[other];
      order[other] = swapped;
    }
    return IntStream.of(order).limit(ASKED).mapToObj(place -> {
      int[] rest = IntStream.range(0, person.items().length)
          .filter(i -> i != place)
          .map(i -> person.items()[i])
          .toArray();
      return new Question(rest, candidates(person.items()[place], taken, items, random));
    }).toList();
  }

  private Question question(Row row, int items, SplittableRandom random) {
    return new Question(row.rest(), candidates(row.item(), units.taken(row.user()), items, random));
  }

  /** The item, and distinct others that were not taken; fewer where the catalogue has no more. */
  private static int[] candidates(int item, int[] taken, int items, SplittableRandom random) {
    int free = items - taken.length;
    int wanted = Math.min(OTHERS, free);
    int[] out = new int[wanted + 1];
    out[0] = item;
    if (free <= 2 * OTHERS) {
      int[] all = IntStream.range(0, items).filter(i -> Arrays.binarySearch(taken, i) < 0).toArray();
      for (int k = 0; k < wanted; k++) {
        int other = k + random.nextInt(all.length - k);
        out[k + 1] = all[other];
        all[other] = all[k];
      }
      return out;
    }
    int[] drawn = random.ints(0, items)
        .filter(i -> Arrays.binarySearch(taken, i) < 0)
        .distinct()
        .limit(wanted)
        .toArray();
    System.arraycopy(drawn, 0, out, 1, wanted);
    return out;
  }

  /** Scores on the audited model, with its own membership: an entry for people where there are any, then one for interactions where there are any. */
  List<MembershipScores> score(RecommenderModel model) {
    return score(model, units.peopleIn(), units.rowsIn());
  }

  /** Scores on a shadow model, with the membership in its half. */
  List<MembershipScores> score(RecommenderModel model, AuditedUnits.Half half) {
    return score(model, half.people(), half.rows());
  }

  private List<MembershipScores> score(RecommenderModel model, boolean[] peopleIn, boolean[] rowsIn) {
    RecommendationPipeline pipeline = model.pipeline();
    List<MembershipScores> scores = new ArrayList<>();
    if (!ofPeople.isEmpty()) {
      double[] people = ofPeople.parallelStream()
          .mapToDouble(asked -> asked.stream().mapToDouble(one -> logProbability(pipeline, one)).average().orElse(0))
          .toArray();
      scores.add(new MembershipScores("user", people, peopleIn.clone()));
    }
    if (!ofRows.isEmpty()) {
      double[] rows = ofRows.parallelStream().mapToDouble(one -> logProbability(pipeline, one)).toArray();
      scores.add(new MembershipScores("record", rows, rowsIn.clone()));
    }
    return scores;
  }

  private static double logProbability(RecommendationPipeline pipeline, Question question) {
    float[] scores = pipeline.score(question.history, question.candidates, 0);
    double most = scores[0];
    for (float score : scores) {
      most = Math.max(most, score);
    }
    double sum = 0;
    for (float score : scores) {
      sum += Math.exp(score - most);
    }
    return scores[0] - most - Math.log(sum);
  }
}
