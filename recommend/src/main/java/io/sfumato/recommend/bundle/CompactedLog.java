package io.sfumato.recommend.bundle;

/**
 * What compacting a log did.
 *
 * @param records that it held
 * @param kept of them, since they still count; as many as before where it was left as it was
 * @param bytesBefore of the file
 * @param bytesAfter of the file
 */
public record CompactedLog(long records, long kept, long bytesBefore, long bytesAfter) {}
