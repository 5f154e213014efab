package io.sfumato.privacy.audit;

/** Hears how far an audit is. Called from the audit's own thread. */
public interface AuditListener {
  /** Hears nothing. */
  AuditListener SILENT = new AuditListener() {
    @Override
    public void start(String stage, long total) {}

    @Override
    public void advance(long done, String note) {}
  };

  /**
   * A stage begins; the one before it is over.
   *
   * @param stage such as {@code shadow models}
   * @param total parts that it has
   */
  void start(String stage, long total);

  /**
   * Parts of the stage are done.
   *
   * @param done how many more
   * @param note what came of them, in a few words; may be empty
   */
  void advance(long done, String note);

  /** Something that has to be said before it is known how the audit ends, such as its ceiling. */
  default void say(String sentence) {}
}
