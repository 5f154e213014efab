package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderSource;
import io.sfumato.recommend.RecommenderStore;
import io.sfumato.recommend.ServingOptions;
import io.sfumato.recommend.bundle.VersionStore;
import io.sfumato.recommend.metrics.RecommenderMetrics;
import io.sfumato.recommend.service.ApiTokens;
import io.sfumato.recommend.service.RecommenderService;
import io.sfumato.recommend.service.ServiceLimits;
import io.sfumato.recommend.service.ServiceOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Serves a bundle over HTTP until it is told to stop. */
@Command(name = "serve", mixinStandardHelpOptions = true, sortOptions = false, subcommands = ServeTokenCommand.class, description = {
  "A recommender over HTTP, with a page to look at, until SIGTERM or Ctrl-C: then requests that run end, and nothing that was acknowledged is lost."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato serve my-bundle                          http://127.0.0.1:8080/, for this machine alone",
    "  sfumato serve token --scope read,write --into tokens.yaml",
    "  sfumato serve my-bundle --host 0.0.0.0 --tokens tokens.yaml",
    "  curl localhost:8080/v1/recommend?user=u-7        /openapi.json tells what else can be asked"})
final class ServeCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "BUNDLE", description = "The directory that 'train' wrote, or a store of versions.")
  private @Nullable Path bundle;

  @Option(names = "--host", paramLabel = "ADDRESS", defaultValue = "127.0.0.1", description = "Where to listen; beyond this machine it takes --tokens. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String host;

  @Option(names = "--port", paramLabel = "N", defaultValue = ""
      + ServiceOptions.DEFAULT_PORT, description = "0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(names = "--tokens", paramLabel = "FILE", description = "Who may ask; see 'sfumato serve token --help'. Without it everyone who reaches the address.")
  private @Nullable Path tokens;

  @Option(names = "--allow-anonymous", description = "Let other machines ask, and change, without a token.")
  private boolean anonymous;

  @Option(names = "--allow-host", paramLabel = "NAME", split = ",", description = "A further name under which browsers reach it without a token.")
  private Set<String> hosts = Set.of();

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ServeLimitOptions limits;

  @Option(names = "--durability", paramLabel = "WHEN", defaultValue = "sync", description = "When an acknowledged update is on disk: sync, or interval=100ms. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String durability;

  @Option(names = "--drain", paramLabel = "SECONDS", defaultValue = "0", description = "When told to stop, say so on /ready for so long before no more is taken. Default: ${DEFAULT-VALUE}.")
  private int drain;

  @Option(names = "--snapshots", paramLabel = "DIR", description = "Where /v1/admin/snapshot puts copies of the running bundle. Default: nowhere.")
  private @Nullable Path snapshots;

  @Option(names = "--access-log", paramLabel = "FILE", description = "Append a line of JSON for each request, without personal data; '-' is stderr. Default: none.")
  private @Nullable String accessLog;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private final Streams streams;

  @Inject
  ServeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (bundle == null) {
      throw new ParameterException(spec.commandLine(), "give the BUNDLE to serve");
    }
    ServiceLimits bounds = limits.limits();
    try (AccessLog log = AccessLog.open(accessLog, streams)) {
      ServiceOptions options = ServiceOptions.local(port)
          .host(host)
          .tokens(tokens == null ? null : ApiTokens.read(tokens))
          .anonymous(anonymous)
          .hosts(hosts)
          .limits(bounds)
          .snapshots(snapshots)
          .accessLog(log);
      RecommenderMetrics metrics = new RecommenderMetrics();
      ServingOptions serving = ServingOptions.defaults()
          .durability(ServeLimitOptions.durability(durability))
          .observer(metrics)
          .locked();
      try (RecommenderSource source = VersionStore.isStore(bundle) ? RecommenderStore.open(bundle, serving)
          : RecommenderSource.of(Recommender.open(bundle, serving));
          RecommenderService service = RecommenderService.start(warm(source), options)) {
        metrics.watch(source).bindTo(options.metrics());
        meters(options.metrics());
        announce(service, source);
        untilToldToStop(service, source, log);
      }
    }
    return 0;
  }

  private static RecommenderSource warm(RecommenderSource source) {
    return source.use(recommender -> {
      recommender.warmUp();
      return source;
    });
  }

  private void announce(RecommenderService service, RecommenderSource source) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("address", service.address().toString());
    facts.put("port", service.port());
    facts.put("version", source.current());
    facts.put("items", source.use(recommender -> recommender.catalog().size()));
    facts.put("tokens", tokens != null);
    output.print(streams.out(), facts, () -> "Serving %s at %s, %s.%nStop with Ctrl-C.%n".formatted(
        Sfumato.plural(source.use(recommender -> recommender.catalog().size()), "item"), service.address(),
        tokens == null ? anonymous ? "for everyone who reaches it" : "for this machine" : "for those with a token"));
  }

  /** A signal begins the end of the process, which waits for this, whose exit code is 0; an interrupt ends the command alone. */
  private void untilToldToStop(RecommenderService service, RecommenderSource source, AccessLog log) {
    Thread hook = Thread.ofPlatform().name("sfumato-stop").unstarted(() -> {
      int code = end(service, source, log) ? 0 : Failures.FAILED;
      Runtime.getRuntime().halt(code);
    });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private boolean end(RecommenderService service, RecommenderSource source, AccessLog log) {
    try {
      service.drain();
      Thread.sleep(Duration.ofSeconds(drain));
      service.close();
      source.close();
      log.close();
      return true;
    } catch (InterruptedException | RuntimeException e) {
      new Failures(streams.err()).report(e, output.verbose());
      return false;
    } finally {
      streams.out().flush();
      streams.err().flush();
    }
  }

  private static void meters(PrometheusMeterRegistry registry) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }
}
