package io.sfumato.recommend.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.recommend.RecommendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlantedDataTest {
  private static final Split REAL = split(DemoShop.builder().items(120).customers(400).build().dataset());
  private static final AuditPlan PLAN = new AuditPlan(0.25, 100, 11);
  private static final PlantedData DATA = PlantedData.plant(REAL, PLAN, PrivacyUnit.USER);

  private static Split split(Dataset dataset) {
    return Splitter.parse("coin", 1).split(dataset);
  }

  private static List<String> rows(Interactions part, String user) {
    int index = part.userIndex(user);
    return index < 0 ? List.of()
        : IntStream.range(part.start(index), part.end(index))
            .mapToObj(row -> part.item(row) + "@" + part.timestamp(row) + "*" + part.rating(row))
            .toList();
  }

  @Test
  void thoseWhoAreKeptOutAreNowhereAndAllOthersKeepWhatTheyDid() {
    Set<String> out = new HashSet<>(DATA.heldOut());
    assertThat(out.size()).isBetween(60, 140); // of 400, each with a quarter
    for (Split some : List.of(DATA.training(), DATA.served())) {
      for (String user : REAL.dataset().interactions().userIds()) {
        for (int part = 0; part < 3; part++) {
          assertThat(rows(part(some, part), user))
              .isEqualTo(out.contains(user) ? List.of() : rows(part(REAL, part), user));
        }
      }
    }
  }

  private static Interactions part(Split split, int part) {
    return part == 0 ? split.train() : part == 1 ? split.valid() : split.test();
  }

  @Test
  void canariesThatAreInAreTrainedOnAndNeverServed() {
    for (Canary canary : DATA.canaries()) {
      Interactions train = DATA.training().train();
      int index = train.userIndex(canary.id());
      assertThat(index >= 0).isEqualTo(canary.in());
      if (canary.in()) {
        assertThat(Arrays.stream(train.itemsOf(index)).sorted().toArray()).isEqualTo(canary.items());
      }
      assertThat(DATA.served().dataset().interactions().userIndex(canary.id())).isNegative();
    }
    assertThat(DATA.canaries().stream().filter(Canary::in).count()).isBetween(30L, 70L);
    assertThat(DATA.canaries().stream().map(Canary::id).distinct()).hasSize(100);
  }

  /** 100 canaries with two of 120 items each: nobody has the same two, and no item is with more than two. */
  @Test
  void canariesShareAsLittleAsTheyCan() {
    assertThat(DATA.canaries().stream().map(canary -> Arrays.toString(canary.items())).distinct()).hasSize(100);
    assertThat(DATA.canaries()
        .stream()
        .flatMapToInt(canary -> Arrays.stream(canary.items()))
        .boxed()
        .collect(Collectors.groupingBy(item -> item, Collectors.counting()))
        .values()).allMatch(count -> count <= 3);
    assertThat(DATA.canaries()).allMatch(canary -> canary.items().length == 2);
    assertThat(PlantedData.plant(REAL, PLAN, PrivacyUnit.RECORD).canaries())
        .allMatch(canary -> canary.items().length == 1);
  }

  /** A coin that hung on others would be a statistic of them. */
  @Test
  void whoIsKeptOutDependsOnNobodyElse() {
    Interactions all = REAL.dataset().interactions();
    Interactions.Builder some = Interactions.builder(REAL.dataset().catalog());
    for (int row = 0; row < all.size(); row++) {
      if (all.user(row) % 3 == 1) {
        some.add(all.userId(all.user(row)), all.item(row), 1, all.timestamp(row));
      }
    }
    Split third = split(new Dataset("third", REAL.dataset().catalog(), some.build(), REAL.dataset().report()));
    Set<String> out = new HashSet<>(DATA.heldOut());
    assertThat(PlantedData.plant(third, PLAN, PrivacyUnit.USER).heldOut())
        .containsExactlyInAnyOrderElementsOf(
            third.dataset().interactions().userIds().stream().filter(out::contains).toList());
  }

  @Test
  void thePartsAreThoseOfTheWhole() {
    assertThat(DATA.training().dataset().interactions().size())
        .isEqualTo(DATA.training().train().size() + DATA.training().valid().size() + DATA.training().test().size());
    PlantedData nothing = PlantedData.plant(REAL, new AuditPlan(0, 0, 1), PrivacyUnit.USER);
    assertThat(DataHash.of(nothing.training())).isEqualTo(DataHash.of(REAL));
    assertThat(DataHash.of(nothing.served())).isEqualTo(DataHash.of(REAL));
  }

  @Test
  void theSecretIsReadAsItWasWritten(@TempDir Path folder) throws IOException {
    CanaryTranscript transcript = new CanaryTranscript(List.of(new CanaryTranscript.Noted("counts",
        IntStream.range(0, 100).mapToDouble(i -> i / 7.0).toArray(), 2.5)));
    AuditSecret secret = AuditSecret.of(DATA, "abc", transcript);
    Path file = folder.resolve("secret.json");
    secret.write(file, REAL.dataset().catalog());
    AuditSecret read = AuditSecret.read(file, REAL.dataset().catalog());
    assertThat(read).usingRecursiveComparison().isEqualTo(secret);
    assertThat(PlantedData.plant(REAL, read.plan(), PrivacyUnit.USER).canaries()).usingRecursiveComparison()
        .isEqualTo(read.canaries());
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void badSecretsAreNamed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("secret.json");
    for (String text : List.of("", "{", "[]", "{\"format\":2,\"canaries\":[]}", "{\"format\":1}",
        "{\"format\":1,\"seed\":\"x\",\"canaries\":[]}", "{\"format\":1,\"seed\":\"1\",\"holdout\":2,\"canaries\":[]}",
        "{\"format\":1,\"seed\":\"1\",\"canaries\":[{\"id\":\"a\",\"in\":true,\"items\":[\"nothing\"]}]}",
        "{\"format\":1,\"seed\":\"1\",\"canaries\":[],\"transcript\":[{\"scores\":[1],\"deviation\":1}]}")) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> AuditSecret.read(file, REAL.dataset().catalog())).as(text)
          .isInstanceOf(RecommendException.class);
    }
  }
}
