package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.Request;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Recommends to someone. */
@Command(name = "recommend", mixinStandardHelpOptions = true, sortOptions = false, description = "The best items for someone, each with where its score came from and what in their history speaks for it.", footerHeading = "%nExamples:%n", footer = {
  "  sfumato recommend my-bundle --user u-7",
  "  sfumato recommend my-bundle --user u-7 -k 5 --where category=shoes --json",
  "  sfumato recommend my-bundle --history sku-42,sku-7     someone new, of whom only this is known",
  "  sfumato recommend my-bundle --all --out best.parquet -k 20"})
final class RecommendCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BUNDLE", description = "The directory that 'train' wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path bundle;

  @Option(names = "--user", paramLabel = "ID", description = "Someone whom the bundle knows.")
  private @Nullable String user;

  @Option(names = "--history", paramLabel = "ITEM", split = ",", description = "Items that someone took, oldest first.")
  private @Nullable List<String> history;

  @Option(names = "--all", description = "Everyone whom the bundle knows, on all cores; needs --out.")
  private boolean all;

  @Option(names = "--out", paramLabel = "FILE", description = "Where the recommendations for all go, as CSV, TSV, Parquet or JSON lines by its suffix: user, rank, item, score and the four shares.")
  private @Nullable Path out;

  @Option(names = "-k", paramLabel = "N", defaultValue = ""
      + Request.DEFAULT_K, description = "How many. Default: ${DEFAULT-VALUE}.")
  private int k;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private WhereOptions where;

  @Option(names = "--include-seen", description = "Also what the person has already.")
  private boolean includeSeen;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private final Streams streams;
  private final Progress progress;

  @Inject
  RecommendCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    if ((user != null ? 1 : 0) + (history != null ? 1 : 0) + (all ? 1 : 0) != 1) {
      throw new ParameterException(spec.commandLine(),
          "give --user ID, or --history ITEM,… for someone new, or --all with --out FILE");
    }
    Path file = out;
    if (all != (file != null)) {
      throw new ParameterException(spec.commandLine(), "--all and --out FILE go together");
    }
    if (file != null) {
      return writeAll(file);
    }
    try (Recommender recommender = Recommender.open(bundle)) {
      Request request = (user == null ? Request.forHistory(known(history, recommender))
          : Request.forUser(known(user, recommender)))
          .k(k)
          .excludeSeen(!includeSeen);
      List<Recommendation> found = recommender.recommend(where.apply(request));
      output.print(streams.out(), Described.json(found), () -> Described.table(found));
    }
    return 0;
  }

  private int writeAll(Path file) {
    try (Recommender recommender = Recommender.open(bundle)) {
      Request template = where.apply(Request.forHistory()).k(k).excludeSeen(!includeSeen);
      Map<String, Object> written = BatchFile.write(file, recommender, template, progress);
      output.print(streams.out(), written, () -> "%s recommendations for %s people in %s%n".formatted(
          written.get("recommendations"), written.get("people"), file));
    }
    return 0;
  }

  private String known(String id, Recommender recommender) {
    if (!recommender.knows(id)) {
      throw new RecommendException("UNKNOWN_USER",
          "%s knows no user '%s'; check the id, or give --history ITEM,… for someone new".formatted(bundle, id));
    }
    return id;
  }

  private List<String> known(@Nullable List<String> items, Recommender recommender) {
    List<String> ids = items == null ? List.of() : items;
    for (String id : ids) {
      if (recommender.catalog().item(id) == null) {
        throw new RecommendException("UNKNOWN_ITEM",
            "%s has no item '%s' to stand in a history; check the id".formatted(bundle, id));
      }
    }
    return ids;
  }
}
