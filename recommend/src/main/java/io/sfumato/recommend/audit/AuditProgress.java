package io.sfumato.recommend.audit;

import io.sfumato.encoders.Progress;
import io.sfumato.privacy.audit.AuditListener;
import java.util.function.Consumer;

/** Shows the stages of an audit as progress of work, and says what it says. What a stage trains shows its own progress in between. */
final class AuditProgress implements AuditListener {
  private final Progress progress;
  private final Consumer<String> sayings;

  AuditProgress(Progress progress, Consumer<String> sayings) {
    this.progress = progress;
    this.sayings = sayings;
  }

  @Override
  public void start(String stage, long total) {
    progress.finish();
    progress.start(stage, total);
  }

  @Override
  public void advance(long done, String note) {
    progress.advance(done, note.isEmpty() ? null : note);
  }

  @Override
  public void say(String sentence) {
    progress.finish();
    sayings.accept(sentence);
  }
}
