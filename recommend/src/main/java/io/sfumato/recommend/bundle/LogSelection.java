package io.sfumato.recommend.bundle;

/** Chooses which records of a log still count: gets them all, in the order of the log, and then tells. */
public interface LogSelection {
  /**
   * The next record.
   *
   * @param at where it stands in the log
   */
  void next(byte[] record, long at);

  /** Where the records stand that count, in the order in which they are to be applied; applying these gives what applying all would. */
  long[] counting();
}
