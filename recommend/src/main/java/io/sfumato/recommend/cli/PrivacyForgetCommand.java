package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.recommend.audit.Forgetting;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a person out of a bundle. */
@Command(name = "forget", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Removes a person's history and feedback from people/ of a bundle, completely or not at all, and says what that leaves.",
  "Close recommenders that write to the bundle first. Exit code 1 where the bundle holds nothing of the person."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato privacy forget my-bundle --user u-7"})
final class PrivacyForgetCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BUNDLE", description = "The directory that 'train' wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--user", required = true, paramLabel = "ID", description = "Who is to be forgotten.")
  @SuppressWarnings("NullAway.Init")
  private String user;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  PrivacyForgetCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Forgetting done = Forgetting.of(directory, user);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bundle", directory.toString());
    json.put("user", done.user());
    json.put("interactions_removed", done.interactions());
    json.put("feedback_removed", done.feedback());
    json.put("covered_by_claim", done.claim() != null && done.claim().holds());
    json.put("signature_lost", done.signatureLost());
    json.put("notes", done.told());
    output.print(streams.out(), json,
        () -> "Removed %s and %s of person %s.\n".formatted(Sfumato.plural(done.interactions(), "interaction"),
            Sfumato.plural(done.feedback(), "record") + " of feedback", done.user())
            + String.join("\n", done.told()) + "\n"
            + (done.signatureLost() ? "The bundle's signature is gone: sign it again with 'privacy sign'.\n" : ""));
    return 0;
  }
}
