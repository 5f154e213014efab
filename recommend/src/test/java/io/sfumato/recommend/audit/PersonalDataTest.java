package io.sfumato.recommend.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalDataTest {
  private final PersonalData detector = new PersonalData("");

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "Ask ann.lee+shop@mail.acme-corp.co.uk, please|e-mail|ann.lee+shop@mail.acme-corp.co.uk",
    "(mailto:bo@xn--bcher-kva.de)|e-mail|bo@xn--bcher-kva.de", "jürgen@müller.de|e-mail|jürgen@müller.de",
    "Call +44 20 7946 0018 after six|phone|+44 20 7946 0018", "call +1 (650) 253-0000|phone|+1 (650) 253-0000",
    "paid with 4111 1111 1111 1111.|card|4111 1111 1111 1111", "5500-0000-0000-0004|card|5500-0000-0000-0004",
    "378282246310005|card|378282246310005", "to DE89 3704 0044 0532 0130 00 by Monday|iban|DE89 3704 0044 0532 0130 00",
    "GB82WEST12345698765432|iban|GB82WEST12345698765432"})
  void isFound(String text, String kind, String value) {
    assertThat(detector.find(text)).singleElement().satisfies(match -> {
      assertThat(match.kind()).isEqualTo(kind);
      assertThat(match.value()).isEqualTo(value);
      assertThat(match.start()).isEqualTo(text.indexOf(value));
      assertThat(match.masked()).hasSizeLessThanOrEqualTo(5).doesNotContain(value.substring(3, 6));
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a mug for 12.99, 40x30x20 cm", "bar code 4006381333931", "ISBN 978-3-16-148410-0",
    "icon@2x.png", "user@example.com and me@localhost", "@home @work a@b", "x@y..com", "4111 1111 1111 1112",
    "0000 0000 0000 0000", "SKU 4111111111111111A", "DE89 3704 0044 0532 0130 01", "XX89370400440532013000",
    "2020-2021-2022-2023", "order 2025550123", "model 650 253 0000", "1600000000 1600000001", "3.14159265358979323846",
    "GB82WEST123456987654321"})
  void isNot(String text) {
    assertThat(detector.find(text)).isEmpty();
  }

  @Test
  void nationalNumbersOfARegion() {
    assertThat(new PersonalData("us").find("call (650) 253-0000 now")).singleElement()
        .satisfies(match -> assertThat(match.value()).isEqualTo("(650) 253-0000"));
    assertThatThrownBy(() -> new PersonalData("Mars")).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Mars");
  }

  @Test
  void whatLiesAcrossPiecesIsFoundOnce() {
    for (int before : new int[]{32_600, 32_640, 32_700, 32_760, 32_768}) {
      String text = "x ".repeat(before / 2) + "ann@acme.org 4111111111111111" + " y".repeat(100);
      assertThat(detector.find(text)).extracting(PersonalData.Match::kind).containsExactly("e-mail", "card");
    }
  }

  @Test
  void noTextTakesLong() {
    for (String hostile : new String[]{"a".repeat(300_000) + "@", "@".repeat(300_000), "a@".repeat(150_000),
      "1 ".repeat(150_000), "+1".repeat(150_000), "a.".repeat(150_000) + "@a", "DE12".repeat(75_000),
      "4-".repeat(150_000),
      "(+".repeat(150_000)}) {
      Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> detector.find(hostile));
    }
  }
}
