package io.sfumato.recommend.training;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.ExplanationAudit;
import io.sfumato.recommend.ModelSignal;
import io.sfumato.recommend.PipelineScorer;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.evaluation.Evaluation;
import io.sfumato.recommend.evaluation.EvaluationListener;
import io.sfumato.recommend.evaluation.EvaluationResult;
import io.sfumato.recommend.evaluation.ModelFacts;
import io.sfumato.recommend.evaluation.Protocol;
import io.sfumato.recommend.evaluation.ReportBuilder;
import io.sfumato.recommend.evaluation.RunFileScorer;
import io.sfumato.recommend.evaluation.Scorer;
import io.sfumato.recommend.evaluation.SeededResult;
import io.sfumato.recommend.training.ComparisonOptions.Peer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures a trained recommender on the test part of its split beside what it is made of, baselines and the rankings of other systems, all in one run with the same masks. Without a recommender, baselines and
 * rankings alone.
 *
 * <p>{@code fused}, {@code text-only} and {@code image-only} are the same pipeline, configuration and seed with the collaborative channel off; the
 * last two see one modality alone, so they are trained here. {@link Baselines} have their options chosen on validation, as the recommender has; what the recommender has of them already is taken as it is. With
 * {@code tuning.refit}, recommender and baselines alike are fitted on training and validation interactions in the end, and know both of each person.
 */
public final class Comparison {
  /** The recommender itself, which is always measured. */
  public static final String SFUMATO = "sfumato";
  /** Both modalities, without the collaborative channel. */
  public static final String FUSED = "fused";
  /** The text alone, without the collaborative channel. */
  public static final String TEXT_ONLY = "text-only";
  /** The picture alone, without the collaborative channel. */
  public static final String IMAGE_ONLY = "image-only";
  /** What the recommender is made of, by name. */
  public static final List<String> TWINS = List.of(FUSED, TEXT_ONLY, IMAGE_ONLY);
  /** What a recommender is measured beside where nothing is said. */
  public static final List<String> USUAL = List.of(FUSED, TEXT_ONLY, IMAGE_ONLY, "ease", "itemknn", "popular");

  private static final Set<String> CATEGORIES = Set.of("category", "categories", "genre", "genres");
  private static final int EXPLAINED_USERS = 25;
  private static final int EXPLAINED = 10;
  private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);

  private final @Nullable RecommenderModel model;
  private final Map<String, Object> results;
  private final Split split;
  private final SfumatoConfig config;
  private final Baselines baselines;
  private final Interactions known;

  private Comparison(@Nullable RecommenderModel model, Map<String, Object> results, Split split, SfumatoConfig config,
      ItemContent content) {
    this.model = model;
    this.results = results;
    this.split = split;
    this.config = config;
    this.known = config.knownBeforeTest(split);
    this.baselines = new Baselines(split, config, content);
  }

  /**
   * Of a recommender.
   *
   * @param results what its training measured, see {@link TrainedRecommender#results}
   * @param split what it was trained on, with the pictures that it was trained on
   * @param config what it was trained with
   * @param content what its encoders say, for baselines on content
   */
  public static Comparison ofModel(RecommenderModel model, Map<String, Object> results, Split split,
      SfumatoConfig config, ItemContent content) {
    return new Comparison(model, results, split, config, content);
  }

  /** Of baselines and the rankings of other systems alone. */
  public static Comparison ofBaselines(Split split, SfumatoConfig config, ItemContent content) {
    return new Comparison(null, Map.of(), split, config, content);
  }

  /**
   * Trains what is to be trained, then measures all.
   *
   * @throws IllegalArgumentException where a peer is none that there is
   * @throws RecommendException {@code REFITTED} where the protocol counts validation items as candidates and the recommender was fitted on them
   */
  public Compared run(ComparisonOptions options, Progress progress) {
    if (options.protocol() == Protocol.MMREC && config.tuning().refit() && !config.privacy().enabled()) {
      throw new RecommendException("REFITTED",
          "--protocol mmrec masks training items alone, but this recommender was fitted on the validation items too; train with --set tuning.refit=false for it");
    }
    List<Peer> peers = peers(options);
    List<EvaluationResult> runs = new ArrayList<>();
    List<Long> seeds = new ArrayList<>(List.of(config.seed()));
    RecommenderModel own = model;
    runs.add(measure(options, scorers(peers, own, config, true, progress), progress));
    for (int next = 1; next < options.seeds(); next++) {
      long seed = config.seed() + next;
      LOG.info("training again with seed {}, run {} of {}", seed, next + 1, options.seeds());
      SfumatoConfig twin = config.change().override("seed", seed, "--seeds").read();
      List<Scorer> scorers = own == null ? scorers(peers, null, twin, false, progress)
          : scorersOfTwin(peers, twin, progress);
      if (!scorers.isEmpty()) {
        runs.add(measure(options, scorers, progress));
        seeds.add(seed);
      }
    }
    SeededResult result = SeededResult.of(runs, seeds);
    return new Compared(split, result, report(options, peers, result).build());
  }

  private List<Scorer> scorersOfTwin(List<Peer> peers, SfumatoConfig twin, Progress progress) {
    try (TrainedRecommender trained = new RecommenderTrainer(twin).train(split, List.of(), null, progress)) {
      return scorers(peers, trained.model(), twin, false, progress);
    }
  }

  private EvaluationResult measure(ComparisonOptions options, List<Scorer> scorers, Progress progress) {
    int users = split.test().userCount();
    progress.start("ranking", (long) scorers.size() * users);
    try {
      return Evaluation.of(split)
          .protocol(options.protocol())
          .pool(options.pool())
          .k(options.cuts().stream().mapToInt(Integer::intValue).toArray())
          .auc(options.auc())
          .threads(config.threadCount())
          .listener(new Ranked(progress))
          .scorers(scorers)
          .run();
    } finally {
      progress.finish();
    }
  }

  /** Tells a progress, which one thread at a time may call, of all systems together. */
  private static final class Ranked implements EvaluationListener {
    private final Progress progress;
    private final Map<String, Integer> done = new HashMap<>();

    Ranked(Progress progress) {
      this.progress = progress;
    }

    @Override
    public synchronized void ranked(String scorer, int users, int all) {
      int before = done.getOrDefault(scorer, 0);
      if (users > before) {
        done.put(scorer, users);
        progress.advance(users - before, scorer);
      }
    }
  }

  private List<Peer> peers(ComparisonOptions options) {
    List<Peer> peers = options.peers();
    if (peers == null) {
      List<String> usual = model == null ? Baselines.NAMES.stream().filter(name -> !name.equals("image-knn")).toList()
          : USUAL;
      peers = usual.stream().map(Peer::parse).toList();
    }
    for (Peer peer : peers) {
      boolean twin = TWINS.contains(peer.name());
      if (peer.run() == null && !Baselines.NAMES.contains(peer.name()) && !twin) {
        throw new IllegalArgumentException("there is no model '%s' to compare with; there are %s, %s and run:NAME=FILE"
            .formatted(peer.name(), String.join(", ", TWINS), String.join(", ", Baselines.NAMES)));
      }
      if (twin && model == null) {
        throw new IllegalArgumentException(
            "%s is what a recommender is made of; give its bundle, or leave %s out".formatted(peer.name(),
                peer.name()));
      }
    }
    peers.forEach(peer -> baselines.requireEncoder(peer.name()));
    return peers.stream().filter(this::possible).toList();
  }

  private boolean possible(Peer peer) {
    return !(peer.name().equals(TEXT_ONLY) && !config.text().enabled())
        && !(peer.name().equals(IMAGE_ONLY) && !config.image().enabled());
  }

  /** @param first whether what no seed changes is made too */
  private List<Scorer> scorers(List<Peer> peers, @Nullable RecommenderModel subject, SfumatoConfig seeded,
      boolean first, Progress progress) {
    List<Scorer> scorers = new ArrayList<>();
    if (subject != null) {
      scorers.add(pipeline(SFUMATO, subject));
    }
    for (Peer peer : peers) {
      Path run = peer.run();
      boolean twin = run == null && TWINS.contains(peer.name());
      if (twin && subject != null) {
        scorers.add(pipeline(peer.name(), twin(peer.name(), subject, seeded, progress)));
      } else if (run != null && first) {
        scorers.add(read(peer.name(), run));
      } else if (run == null && !twin && (first || Baselines.stochastic(peer.name()))) {
        ItemModel already = subject == null ? null : trained(subject, peer.name());
        Scorer fitted = already == null ? baselines.fit(peer.name(), seeded.seed(), progress) : baselines.of(already);
        if (fitted != null) {
          scorers.add(fitted);
        }
      }
    }
    return scorers;
  }

  private Scorer pipeline(String name, RecommenderModel subject) {
    return new PipelineScorer(name, subject.pipeline(), known);
  }

  private Scorer read(String name, Path run) {
    RunFileScorer scorer = RunFileScorer.read(name, run, split.train(), split.dataset().catalog());
    if (scorer.unknownRows() > 0) {
      LOG.warn("{}: {} rows of {} name a user or an item that the data does not have, and are left out", name,
          scorer.unknownRows(), run);
    }
    return scorer;
  }

  private RecommenderModel twin(String name, RecommenderModel subject, SfumatoConfig seeded, Progress progress) {
    RecommenderTrainer alone = new RecommenderTrainer(seeded.withoutCollaborative());
    if (name.equals(FUSED)) {
      return seeded.collaborative().enabled() ? alone.withoutCollaborative(subject, split, progress) : subject;
    }
    String modality = name.equals(TEXT_ONLY) ? "text" : "image";
    LOG.info("training {} for the comparison", name);
    try (TrainedRecommender twin = alone.train(split, List.of(modality), null, progress)) {
      return twin.model();
    }
  }

  /** The recommender's own model of this name, fitted and chosen in the same way. */
  private static @Nullable ItemModel trained(RecommenderModel subject, String name) {
    return subject.models()
        .stream()
        .map(ModelSignal::model)
        .filter(m -> m.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private ReportBuilder report(ComparisonOptions options, List<Peer> peers, SeededResult result) {
    ReportBuilder builder = ReportBuilder.of(split, result)
        .k(options.k())
        .seed(config.seed())
        .threads(config.threadCount());
    subject(peers, result, builder);
    for (String name : result.scorers()) {
      builder.about(name, about(peers, name));
    }
    RecommenderModel own = model;
    if (own != null) {
      float[][] vectors = new float[own.vectors().size()][];
      Arrays.setAll(vectors, own.vectors()::fused);
      builder.vectors(vectors);
    }
    category().ifPresent(builder::category);
    builder.environment("Measured", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    builder.environment("Seed", String.valueOf(config.seed()));
    String version = Comparison.class.getPackage().getImplementationVersion();
    if (version != null) { // there is none where classes are not in their jar
      builder.environment("Sfumato", version);
    }
    builder.environment("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    builder.environment("Machine", "%s %s, %d processors".formatted(System.getProperty("os.name"),
        System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors()));
    return builder;
  }

  /** The attribute that items are sorted into categories by: the one that is called so, else the first. */
  private Optional<String> category() {
    List<String> names = split.dataset().catalog().attributeNames();
    return names.stream()
        .filter(name -> CATEGORIES.contains(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .or(() -> names.stream().findFirst());
  }

  /** What a report tells of the recommender itself: weights, gates, curves. Ranks a dozen times for the sweep of the fusion weight; nothing where there is no recommender. */
  public ModelFacts facts(ComparisonOptions options) {
    RecommenderModel own = model;
    if (own == null) {
      return ModelFacts.NONE;
    }
    ExplanationAudit.Result explanations = new ExplanationAudit(own).run(known, EXPLAINED_USERS, EXPLAINED,
        config.seed());
    return ReportFacts.of(own, config, results, explanations,
        new FusionSweep(own, split, known, options, config.threadCount()).curve());
  }

  /** Without a recommender, the first of the rankings that were given is what is tested. */
  private void subject(List<Peer> peers, SeededResult result, ReportBuilder builder) {
    if (model != null) {
      builder.subject(SFUMATO);
      return;
    }
    if (result.scorers().isEmpty()) {
      throw new RecommendException("NOTHING_TO_MEASURE",
          "none of the systems can be had on this data; name others with --against");
    }
    peers.stream().filter(peer -> peer.run() != null).findFirst().ifPresent(peer -> builder.subject(peer.name()));
  }

  private String about(List<Peer> peers, String name) {
    for (Peer peer : peers) {
      Path run = peer.run();
      if (peer.name().equals(name) && run != null) {
        return "the rankings in " + run.getFileName();
      }
    }
    return switch (name) {
      case SFUMATO ->
        "the whole recommender: content, collaborative models and popularity, ordered by a learned ranking model";
      case FUSED -> "the same without other people's histories: text and picture fused";
      case TEXT_ONLY -> "the same without other people's histories and without pictures";
      case IMAGE_ONLY -> "the same without other people's histories and without texts";
      default -> Baselines.about(name);
    };
  }
}
