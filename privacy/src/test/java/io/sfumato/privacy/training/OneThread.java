package io.sfumato.privacy.training;

import io.sfumato.encoders.runtime.TensorRuntime;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs a test class with one engine thread: its arrays are tiny, and threads would only wait for each other. */
public final class OneThread implements BeforeAllCallback, AfterAllCallback {
  private int before = 1;

  @Override
  public void beforeAll(ExtensionContext context) {
    before = TensorRuntime.get().threads();
    TensorRuntime.get().setThreads(1);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    TensorRuntime.get().setThreads(before);
  }
}
