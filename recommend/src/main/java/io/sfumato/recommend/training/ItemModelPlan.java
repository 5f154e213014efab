package io.sfumato.recommend.training;

import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.ModelSignal;
import io.sfumato.recommend.collaborative.ContentFeatures;
import io.sfumato.recommend.collaborative.ContentRidge;
import io.sfumato.recommend.collaborative.Ease;
import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.collaborative.Popularity;
import io.sfumato.recommend.ranking.Channel;
import io.sfumato.recommend.ranking.Signal;
import io.sfumato.recommend.training.ItemModelChoice.Chosen;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The item models of a recommender with their settings chosen, fitted on the training interactions, and how to fit them all again on others. */
final class ItemModelPlan {
  private record Part(Signal signal, ItemModel model, Function<Interactions, ? extends ItemModel> fit) {}

  private final List<Part> parts = new ArrayList<>();

  private ItemModelPlan() {}

  /** Chooses all models. */
  static ItemModelPlan choose(ItemModelChoice choice, ContentFeatures content, Interactions train,
      boolean collaborative, Stages stages, Progress progress) {
    ItemModelPlan plan = new ItemModelPlan();
    Chosen<ContentRidge> ridge = stages.time("content-ridge", () -> choice.contentRidge(content, progress));
    if (collaborative) {
      Chosen<Ease> ease = stages.time("ease", () -> choice.ease(progress));
      if (ease != null) {
        plan.add("ease", ease);
        plan.add("ease-context", stages.time("ease-context", () -> choice.easeInContext(ridge.model(), progress)));
      }
      plan.add("itemknn", stages.time("itemknn", () -> choice.itemKnn(progress)));
      plan.add("spectral", stages.time("spectral", () -> choice.spectral(progress)));
      Chosen<? extends ItemModel> transitions = stages.time("transitions", () -> choice.transitions(progress));
      if (transitions != null) {
        plan.add("transitions", transitions);
      }
    }
    // The content regression counts as text, or as image where there is no text; explanations share it out.
    Channel channel = content.names().contains("text") ? Channel.TEXT : Channel.IMAGE;
    plan.parts.add(new Part(new Signal("content-ridge", channel, false), ridge.model(), ridge.fit()));
    plan.parts.add(new Part(new Signal("popular", Channel.POPULARITY, true), Popularity.fit(train), Popularity::fit));
    return plan;
  }

  private void add(String name, Chosen<? extends ItemModel> chosen) {
    parts.add(new Part(new Signal(name, Channel.COLLABORATIVE, true), chosen.model(), chosen.fit()));
  }

  /** The models as they were fitted for the choice, on training interactions alone. */
  List<ModelSignal> trained() {
    return parts.stream().map(part -> new ModelSignal(part.signal, part.model)).toList();
  }

  /** The same models with the same settings on other interactions. */
  List<ModelSignal> refitted(Interactions known, Progress progress) {
    List<ModelSignal> models = new ArrayList<>();
    progress.start("fitting item models on all that is known", parts.size());
    for (Part part : parts) {
      models.add(new ModelSignal(part.signal, part.fit.apply(known)));
      progress.advance(1, part.signal.name());
    }
    progress.finish();
    return models;
  }
}
