package io.sfumato.recommend;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.OptionalBinder;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.retrieval.CandidateRetriever;
import io.sfumato.recommend.retrieval.ItemIndex;
import jakarta.inject.Inject;
import java.nio.file.Path;

/**
 * Binds a {@link Recommender} of one bundle and its parts, for programs that wire by Guice. Nothing is opened before it is asked for; whoever gets the recommender closes it at the end.
 *
 * <p>Another {@link CandidateRetriever}, {@link ContentEncoder}, {@link Durability} or {@link RequestObserver} takes the place of the default one, and {@link ServingOptions} that of both of these:
 *
 * <pre>{@code
 * Guice.createInjector(new RecommendModule(path), binder ->
 *     OptionalBinder.newOptionalBinder(binder, CandidateRetriever.class).setBinding().to(MyRetriever.class));
 * }</pre>
 */
public final class RecommendModule extends AbstractModule {
  private final Path directory;

  /** @param directory of the bundle */
  public RecommendModule(Path directory) {
    this.directory = directory;
  }

  @Override
  protected void configure() {
    OptionalBinder.newOptionalBinder(binder(), CandidateRetriever.class)
        .setDefault()
        .toProvider(DefaultRetriever.class)
        .in(Singleton.class);
    OptionalBinder.newOptionalBinder(binder(), Durability.class).setDefault().toInstance(Durability.sync());
    OptionalBinder.newOptionalBinder(binder(), RequestObserver.class).setDefault().toInstance(RequestObserver.NONE);
    OptionalBinder.newOptionalBinder(binder(), ServingOptions.class)
        .setDefault()
        .toProvider(DefaultOptions.class)
        .in(Singleton.class);
    OptionalBinder.newOptionalBinder(binder(), ContentEncoder.class)
        .setDefault()
        .toProvider(DefaultEncoder.class)
        .in(Singleton.class);
  }

  @Provides
  @Singleton
  Bundle bundle() {
    return Bundle.open(directory);
  }

  @Provides
  @Singleton
  RecommenderModel model(Bundle bundle) {
    return RecommenderModel.load(bundle);
  }

  @Provides
  @Singleton
  ItemIndex index(Bundle bundle, RecommenderModel model) {
    return RecommenderParts.index(bundle, model);
  }

  @Provides
  @Singleton
  Recommender recommender(Bundle bundle, RecommenderModel model, ItemIndex index, ContentEncoder encoder,
      CandidateRetriever retriever, ServingOptions options) {
    return RecommenderParts.assemble(bundle, model, index, encoder, retriever, options);
  }

  /** Durability and observer as they are bound. */
  private static final class DefaultOptions implements Provider<ServingOptions> {
    private final Durability durability;
    private final RequestObserver observer;

    @Inject
    DefaultOptions(Durability durability, RequestObserver observer) {
      this.durability = durability;
      this.observer = observer;
    }

    @Override
    public ServingOptions get() {
      return ServingOptions.defaults().durability(durability).observer(observer);
    }
  }

  /** The retriever of {@link Recommender#open}. */
  private static final class DefaultRetriever implements Provider<CandidateRetriever> {
    private final Provider<ItemIndex> index;
    private final Provider<RecommenderModel> model;

    @Inject
    DefaultRetriever(Provider<ItemIndex> index, Provider<RecommenderModel> model) {
      this.index = index;
      this.model = model;
    }

    @Override
    public CandidateRetriever get() {
      return RecommenderParts.retriever(index.get(), model.get());
    }
  }

  /** The bundle's own multimodal model. */
  private static final class DefaultEncoder implements Provider<ContentEncoder> {
    private final Provider<Bundle> bundle;

    @Inject
    DefaultEncoder(Provider<Bundle> bundle) {
      this.bundle = bundle;
    }

    @Override
    public ContentEncoder get() {
      return new BundleEncoder(bundle.get());
    }
  }
}
