package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.AdamWConfig;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.accounting.Calibration;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package's page, run as it stands there. */
@ExtendWith(OneThread.class)
class PrivateStepExampleTest {
  private static final String BEGIN = "// begin of the example";
  private static final String END = "// end of the example";

  @Test
  void theExampleLearnsWithinItsBudget() {
    SplittableRandom random = new SplittableRandom(1);
    float[][] features = new float[2000][];
    float[] labels = new float[features.length]; // −1 or 1, by the sign of the first feature
    for (int i = 0; i < features.length; i++) {
      features[i] = new float[]{(float) random.nextDouble(-1, 1), (float) random.nextDouble(-1, 1)};
      labels[i] = Math.signum(features[i][0]);
    }
    try (Linear model = new Linear("model", 2, 1, new Init(1, 0.01))) {
      PrivacyLedger ledger = train(model, features, labels);
      assertThat(ledger.spend(1e-5, Neighbouring.ADD_REMOVE).pldEpsilon()).isBetween(2.99, 3.0);
      try (Scope scope = TensorRuntime.get().scope()) {
        float[] scores = model.forward(scope, scope.matrix(features), null).toFloatArray();
        int right = 0;
        for (int i = 0; i < scores.length; i++) {
          right += scores[i] * labels[i] > 0 ? 1 : 0;
        }
        assertThat((double) right / scores.length).isGreaterThan(0.9);
      }
    }
  }

  private static PrivacyLedger train(Linear model, float[][] features, float[] labels) {
    // begin of the example
    double q = 0.05; // of the records are in a batch, each by a coin of its own
    long steps = 200;
    PrivacyBudget budget = PrivacyBudget.of(3, 1e-5);
    PrivacyLedger ledger = PrivacyLedger.empty(PrivacyUnit.RECORD);
    PoissonSampler sampler = PoissonSampler.secure(features.length, q);
    try (AdamW optimizer = new AdamW(model.parameters(), AdamWConfig.DEFAULT);
        PrivateStep step = PrivateStep.builder(model.parameters())
            .sensitivity(Sensitivity.record(1)) // no record's loss reads another record
            .clipping(Clipping.flat(1))
            .sigma(Calibration.create().sigma(q, steps, budget.epsilon(), budget.delta()))
            .expectedUnits(q * features.length)
            .budget(budget, ledger, q)
            .build()) {
      for (int t = 0; t < steps; t++) {
        try (Scope scope = TensorRuntime.get().scope()) {
          int[] drawn = sampler.next();
          if (drawn.length > 0) {
            Tape tape = step.tape(scope, drawn.length);
            NDArray scores = model.forward(scope, rows(scope, features, drawn), tape);
            NDArray losses = scores.mul(rows(scope, labels, drawn)).neg().exp().add(1).log();
            step.accumulate(scope, tape, losses.sum()); // a sum, not a mean
          }
          optimizer.step(0.05, step.release(scope)); // also after an empty batch
        }
      }
      return ledger.append(step.toRelease(q, "model weights", ""));
    }
    // end of the example
  }

  private static NDArray rows(Scope scope, float[][] all, int[] drawn) {
    return scope.matrix(Arrays.stream(drawn).mapToObj(i -> all[i]).toArray(float[][]::new));
  }

  private static NDArray rows(Scope scope, float[] all, int[] drawn) {
    float[] some = new float[drawn.length];
    for (int i = 0; i < some.length; i++) {
      some[i] = all[drawn[i]];
    }
    return scope.floats(some, some.length, 1);
  }

  @Test
  void thePageShowsWhatRuns() throws IOException {
    String room = "java/io/sfumato/privacy/training/";
    String test = Files.readString(Path.of("src/test", room, "PrivateStepExampleTest.java"));
    String page = Files.readString(Path.of("src/main", room, "package-info.java"));
    String runs = test.substring(test.indexOf("    " + BEGIN) + 4 + BEGIN.length(), test.indexOf("    " + END));
    String shown = page.substring(page.indexOf("<pre>{@code") + "<pre>{@code".length(), page.indexOf("}</pre>"));
    assertThat(plain(shown.replaceAll("(?m)^ \\* ?", ""))).isEqualTo(plain(runs));
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", "");
  }
}
