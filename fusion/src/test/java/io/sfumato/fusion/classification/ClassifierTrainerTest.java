package io.sfumato.fusion.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.image.ResNetConfig;
import io.sfumato.encoders.image.ResNetEncoder;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.FusionKind;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.classification.ItemParts.Part;
import io.sfumato.fusion.training.WordsEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Classifiers of the built-in shop: better than chance, the same when they are opened again, and refused where nothing can be learned. */
class ClassifierTrainerTest {
  static final Catalog CATALOG = DemoShop.builder().items(400).customers(1).build().dataset().catalog();
  static final LabelledItems SHOP = LabelledItems.of(CATALOG, "category");
  static final ItemParts PARTS = ItemParts.byHash(3);

  @TempDir
  Path directory;

  static Modality<?, ?> words() {
    return Modality.text(new WordsEncoder());
  }

  static Modality<?, ?> pictures() {
    return Modality.image(new ResNetEncoder(new ResNetConfig(16, List.of(8, 16), List.of(1, 1), 4, 16, 1)));
  }

  private static ClassifierConfig.Builder quick() {
    return ClassifierConfig.builder().dimension(16).epochs(8).batch(32).learningRate(0.02).seed(5);
  }

  private static Classifier train(ClassifierConfig config, Modality<?, ?>... modalities) {
    ClassifierTrainer.Builder builder = ClassifierTrainer.builder().config(config);
    for (Modality<?, ?> modality : modalities) {
      builder.modality(modality);
    }
    return builder.build().train(SHOP, PARTS, Progress.silent());
  }

  private static double accuracy(Classifier classifier) {
    LabelledItems test = SHOP.select(PARTS.places(SHOP, Part.TEST));
    List<Prediction> said = classifier.predict(test.items(), Progress.silent());
    return IntStream.range(0, test.size())
        .filter(i -> said.get(i).best().label().equals(test.labels().get(i)))
        .count() / (double) test.size();
  }

  /** Share of the most frequent label among the test items: what can be had without looking. */
  private static double chance() {
    LabelledItems test = SHOP.select(PARTS.places(SHOP, Part.TEST));
    return test.classes()
        .stream()
        .mapToLong(label -> test.labels().stream().filter(label::equals).count())
        .max()
        .orElseThrow() / (double) test.size();
  }

  @ParameterizedTest
  @EnumSource(FusionKind.class)
  void textAndImageBeatChance(FusionKind fusion) {
    try (Classifier classifier = train(quick().fusion(fusion).image(FineTuning.full()).epochs(4).build(), words(),
        pictures())) {
      assertThat(accuracy(classifier)).isGreaterThan(2 * chance());
      assertThat(classifier.modalities()).containsExactly("text", "image");
    }
  }

  @Test
  void anImageEncoderFromScratchBeatsChance() {
    try (Classifier classifier = train(
        quick().image(FineTuning.full()).epochs(20).patience(20).encoderRates(1e-4, 0.01).balanced(true).build(),
        pictures())) {
      assertThat(accuracy(classifier)).isGreaterThan(1.5 * chance());
    }
  }

  @Test
  void theSameSeedGivesTheSameClassifier() {
    try (Classifier one = train(quick().epochs(2).build(), words());
        Classifier two = train(quick().epochs(2).build(), words())) {
      assertThat(one.head().weights()).containsExactly(two.head().weights());
    }
  }

  @Test
  void opensAsItWasSaved() {
    try (Classifier classifier = train(quick().image(FineTuning.full()).epochs(2).hidden(12).build(), pictures())) {
      classifier.withSource(Map.of("location", "somewhere")).save(directory.resolve("c"));
      classifier.save(directory.resolve("c")); // over itself
      classifier.withSource(Map.of("location", "here")).save(directory.resolve("c"));
      try (Classifier again = Classifier.open(directory.resolve("c"))) {
        assertThat(again.labels()).isEqualTo(classifier.labels());
        assertThat(again.facts().source()).containsEntry("location", "here");
        assertThat(again.facts().dataSha256()).isEqualTo(SHOP.sha256());
        assertThat(again.facts().parts()).isEqualTo(PARTS.toString());
        List<Prediction> before = classifier.predict(CATALOG.items().subList(0, 50), Progress.silent());
        List<Prediction> after = again.predict(CATALOG.items().subList(0, 50), Progress.silent());
        for (int i = 0; i < before.size(); i++) {
          assertThat(after.get(i).probabilities()).containsExactly(before.get(i).probabilities());
        }
      }
    }
  }

  @Test
  void manyThreadsMayAsk() {
    try (Classifier classifier = train(quick().epochs(1).build(), words())) {
      List<Prediction> one = classifier.predict(CATALOG.items(), Progress.silent());
      List<List<Prediction>> many = IntStream.range(0, 8)
          .parallel()
          .mapToObj(i -> classifier.predict(CATALOG.items(), Progress.silent()))
          .toList();
      for (List<Prediction> said : many) {
        assertThat(said).extracting(Prediction::best).isEqualTo(one.stream().map(Prediction::best).toList());
      }
    }
  }

  @Test
  void leavesNoNativeMemoryBehind() {
    train(quick().epochs(1).build(), words()).close();
    long before = TensorRuntime.get().permanentArrays();
    train(quick().epochs(1).image(FineTuning.full()).build(), words(), pictures()).close();
    assertThat(TensorRuntime.get().permanentArrays()).isEqualTo(before);
  }

  @Test
  void anItemWithoutTextOrPictureGetsAnAnswerToo() {
    try (Classifier classifier = train(quick().epochs(1).build(), words())) {
      Prediction said = classifier.predict(List.of(new Item("x", "", "", Map.of(), null)), Progress.silent())
          .getFirst();
      assertThat(said.top(100)).hasSize(classifier.labels().size());
    }
  }

  @Test
  void whereNothingCanBeLearnedItIsRefused() {
    LabelledItems one = new LabelledItems("kind", CATALOG.items(), CATALOG.items().stream().map(i -> "same").toList(),
        0);
    ClassifierTrainer trainer = ClassifierTrainer.builder().modality(words()).config(quick().build()).build();
    assertThatThrownBy(() -> trainer.train(one, PARTS, Progress.silent())).isInstanceOf(FusionException.class)
        .hasMessage("all training items have the same 'kind' [same]; a classifier needs two labels or more");
    LabelledItems silent = new LabelledItems("kind", List.of(new Item("a", "", "", Map.of(), null), new Item("b", "",
        "", Map.of(), null)), List.of("x", "y"), 0);
    assertThatThrownBy(() -> trainer.train(silent, new ItemParts.ByHash(1, 1, 0, 0), Progress.silent()))
        .hasMessageContaining("none of the 2 labelled items has any of the modalities [text]");
    assertThatThrownBy(() -> ClassifierTrainer.builder().build()).hasMessageContaining("needs a modality");
    assertThatThrownBy(() -> ClassifierConfig.builder().learningRate(-1).build())
        .hasMessage("learning rate must be in [0, 10] but was -1");
  }

  @Test
  void whatIsNoClassifierIsRefused() throws IOException {
    assertThatThrownBy(() -> Classifier.open(directory)).hasMessageContaining("classifier.json is missing");
    Files.writeString(directory.resolve("mine.txt"), "keep me");
    try (Classifier classifier = train(quick().epochs(1).build(), pictures())) {
      assertThatThrownBy(() -> classifier.save(directory)).isInstanceOf(FusionException.class)
          .hasMessageContaining("holds something else");
      assertThat(directory.resolve("mine.txt")).hasContent("keep me");
      Path saved = directory.resolve("c");
      classifier.save(saved);
      String json = Files.readString(saved.resolve("classifier.json"));
      Files.writeString(saved.resolve("classifier.json"), json.replace("\"format\" : 1", "\"format\" : 2"));
      assertThatThrownBy(() -> Classifier.open(saved)).hasMessageContaining("has format 2");
      Files.writeString(saved.resolve("classifier.json"), json.replaceFirst("\"labels\" : \\[[^\\]]*\\]",
          "\"labels\" : [ \"a\", \"b\" ]"));
      assertThatThrownBy(() -> Classifier.open(saved)).hasMessageContaining("head.bias");
      Files.writeString(saved.resolve("classifier.json"), json.substring(0, json.length() / 2));
      assertThatThrownBy(() -> Classifier.open(saved)).hasMessageContaining("cannot be read");
    }
  }
}
