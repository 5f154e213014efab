package io.sfumato.fusion.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.classification.ItemParts.Part;
import io.sfumato.fusion.training.WordsEncoder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Classifiers of a few examples, and of none: values worked by hand, and the built-in shop. */
class FewExamplesTest {
  private static final LabelledItems SHOP = LabelledItems
      .of(DemoShop.builder().items(600).customers(1).build().dataset().catalog(), "category");
  private static final ItemParts PARTS = ItemParts.byHash(3);

  /** Prototypes (0.5, 0.5) and (0, −1): at (1, 0) the squared distances are 0.5 and 2, so the odds are e^1.5. */
  @Test
  void prototypesByHand() {
    LinearHead head = FewShotTrainer.prototypes(new float[][]{{1, 0}, {0, 1}, {0, -1}}, new int[]{0, 0, 1}, 2);
    double[] p = head.probabilities(new float[]{1, 0});
    assertThat(p[0] / p[1]).isCloseTo(Math.exp(1.5), within(1e-6));
  }

  /** Weights 3 and 1: a vector of length 5 becomes unit times √(3/4), the other unit times √(1/4); what is there alone has unit length. */
  @Test
  void joinedFeaturesByHand() {
    JoinedFeatures features = new JoinedFeatures(new int[]{2, 1}, new double[]{3, 1});
    float[] @Nullable [] text = {{3, 4}, {3, 4}, null};
    float[] @Nullable [] image = {{-2}, null, null};
    float[][] x = features.of(List.of(text, image), 3);
    float root = (float) Math.sqrt(0.75);
    assertThat(x[0]).containsExactly(new float[]{0.6f * root, 0.8f * root, -0.5f}, within(1e-6f));
    assertThat(x[1]).containsExactly(new float[]{0.6f, 0.8f, 0}, within(1e-6f));
    assertThat(x[2]).containsOnly(0);
  }

  /** Two prompts a label: (1, 0) and (0, 2) have the mean direction (1, 1)/√2; both of the other label are (0, −1). */
  @Test
  void zeroShotByHand() {
    ZeroShot zeroShot = new ZeroShot(List.of("cat", "dog"), List.of("a {}", "one {}, two {}s"));
    assertThat(zeroShot.prompts()).containsExactly("a cat", "one cat, two cats", "a dog", "one dog, two dogs");
    LinearHead head = zeroShot.head(new float[][]{{1, 0}, {0, 2}, {0, -1}, {0, -3}}, 2, 10);
    double[] p = head.probabilities(new float[]{1, 0});
    assertThat(Math.log(p[0] / p[1])).isCloseTo(10 / Math.sqrt(2), within(1e-5));
  }

  @Test
  void whatZeroShotCannotTellApartIsRefused() {
    assertThatThrownBy(
        () -> new ZeroShot(List.of("cat", "dog"), List.of("a {}")).head(new float[][]{{1, 2}, {2, 4}}, 2, 1))
        .isInstanceOf(FusionException.class)
        .hasMessageContaining("'cat' and 'dog' are the same to the text encoder");
    assertThatThrownBy(() -> new ZeroShot(List.of("cat"), List.of("{}"))).hasMessageContaining("two labels or more");
    assertThatThrownBy(() -> new ZeroShot(List.of("a", "a"), List.of("{}"))).hasMessageContaining("each once");
    assertThatThrownBy(() -> new ZeroShot(List.of("a", "b"), List.of("a photo"))).isInstanceOf(FusionException.class)
        .hasMessageContaining("no {}");
    assertThatThrownBy(() -> new ZeroShot(List.of("a", "b"), List.of())).hasMessageContaining("needs a template");
  }

  @ParameterizedTest
  @EnumSource(FewShotMethod.class)
  void fiveExamplesALabelBeatTheMostFrequentLabel(FewShotMethod method) {
    try (Classifier classifier = new FewShotTrainer(method, 5, List.of(), 1).train(
        List.of(Modality.text(new WordsEncoder())), SHOP, PARTS, null, Progress.silent())) {
      LabelledItems test = SHOP.select(PARTS.places(SHOP, Part.TEST));
      List<Prediction> said = classifier.predict(test.items(), Progress.silent());
      long right = 0;
      for (int i = 0; i < said.size(); i++) {
        right += said.get(i).best().label().equals(test.labels().get(i)) ? 1 : 0;
      }
      long frequent = classifier.labels()
          .stream()
          .mapToLong(label -> test.labels().stream().filter(label::equals).count())
          .max()
          .orElseThrow();
      assertThat(right).isGreaterThan(2 * frequent);
      assertThat(classifier.facts().kind()).isEqualTo(method.id());
      assertThat(classifier.facts().results()).containsEntry("train", 5 * classifier.labels().size());
      assertThat(said).allSatisfy(p -> assertThat(Arrays.stream(p.probabilities()).sum()).isCloseTo(1, within(1e-9)));
    }
  }

  @Test
  void theSameSeedDrawsTheSameExamples() {
    FewShotTrainer trainer = new FewShotTrainer(FewShotMethod.PROTOTYPES, 2, List.of(), 9);
    try (
        Classifier one = trainer.train(List.of(Modality.text(new WordsEncoder())), SHOP, PARTS, null,
            Progress.silent());
        Classifier two = trainer.train(List.of(Modality.text(new WordsEncoder())), SHOP, PARTS, null,
            Progress.silent())) {
      assertThat(one.head().weights()).containsExactly(two.head().weights());
    }
  }
}
