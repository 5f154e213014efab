package io.sfumato.recommend;

import io.sfumato.datasets.DataException;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.EncoderException;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.LiveState.Position;
import io.sfumato.recommend.UpdateRecords.CatalogChange;
import io.sfumato.recommend.UpdateRecords.Feedback;
import io.sfumato.recommend.UpdateRecords.Subject;
import io.sfumato.recommend.bundle.Bundle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings the updates of one recommender to another that takes its place, each once: also where they had been swapped before, and where the other's histories have the feedback already. What the other's model
 * would encode alike keeps its vectors; the rest is encoded anew from what was logged of it: words, picture, supplied vectors.
 */
final class CarriedUpdates implements LiveState.Successor {
  private static final String CONTENT = "model/content.safetensors";

  private final Recommender target;
  private final boolean sameModel;
  private final Map<String, byte[]> carried = new HashMap<>();
  private int count;

  /** @param from whose updates will come */
  CarriedUpdates(Bundle from, Recommender target) {
    this.target = target;
    LiveState state = target.state();
    this.sameModel = from.sameFiles(state.bundle(), Bundle.MULTIMODAL) && from.sameFiles(state.bundle(), CONTENT);
    LatestUpdates<byte[]> before = state.between(Position.START, state.position());
    before.catalog().forEach(record -> carried.put(UpdateRecords.id(record), UpdateRecords.substance(record)));
    before.feedback().forEach(record -> carried.put(feedbackKey(UpdateRecords.feedback(record)), record));
  }

  /** How many updates were carried over. */
  int count() {
    return count;
  }

  /** Appends what the target lacks of these updates, and forces it to disk. */
  void carry(LatestUpdates<byte[]> updates) {
    Map<String, byte[]> last = new HashMap<>();
    updates.catalog().forEach(record -> last.put(UpdateRecords.id(record), UpdateRecords.substance(record)));
    last.entrySet().removeIf(entry -> Arrays.equals(entry.getValue(), carried.get(entry.getKey())));
    Set<String> removed = new HashSet<>();
    for (byte[] record : updates.catalog()) {
      Subject subject = UpdateRecords.subject(record);
      if (subject.removed()) {
        removed.add(subject.id());
      }
    }
    List<byte[]> catalog = new ArrayList<>();
    for (byte[] record : updates.catalog()) {
      String id = UpdateRecords.id(record);
      if (last.containsKey(id)) {
        try {
          catalog.add(translated(record));
        } catch (RecommendException e) {
          if (!removed.contains(id)) { // what is gone need not be encoded
            throw e;
          }
        }
      }
    }
    carried.putAll(last);
    List<byte[]> feedback = new ArrayList<>();
    for (byte[] record : updates.feedback()) {
      Feedback told = UpdateRecords.feedback(record);
      byte[] known = carried.put(feedbackKey(told), record);
      if (!Arrays.equals(known, record) && !wroteDown(told)) {
        feedback.add(record);
      }
    }
    target.state().appendAll(catalog, feedback);
    count += catalog.size() + feedback.size();
  }

  private boolean wroteDown(Feedback told) {
    int item = target.state().items().everIndexOf(told.item());
    return item >= 0 && target.state().people().wroteDown(told.user(), item, told.time());
  }

  /** A put whose vectors are those that the target's model makes. */
  private byte[] translated(byte[] record) {
    CatalogChange change = UpdateRecords.catalogChange(record);
    Item item = change.item();
    ItemVectors vectors = change.vectors();
    if (item == null || vectors == null || (sameModel && target.state().items().fits(vectors))) {
      return record;
    }
    try {
      return target.catalog().record(item, change.supplied());
    } catch (RecommendException | FusionException | DataException | EncoderException e) {
      throw new RecommendException("CANNOT_CARRY",
          "item '%s', which was put since, cannot be encoded by the other version: %s; put it anew so that both can, or remove it"
              .formatted(item.id(), e.getMessage()),
          e);
    }
  }

  private static String feedbackKey(Feedback told) {
    return "\0" + told.user() + '\0' + told.item();
  }

  @Override
  public void feedback(byte[] record) {
    target.state().feedback(UpdateRecords.feedback(record));
  }

  @Override
  public void catalog(byte[] record) {
    target.state().put(translated(record));
  }
}
