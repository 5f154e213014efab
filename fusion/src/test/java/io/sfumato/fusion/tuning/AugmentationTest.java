package io.sfumato.fusion.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.encoders.text.TextAugmentation;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  @Test
  void labelsReadBack() {
    for (String label : new String[]{"none", "light", "0.2:0.0:0.5"}) {
      assertThat(Augmentation.label(Augmentation.text(label))).isEqualTo(label);
    }
    assertThat(Augmentation.text("0.1:0.05:0.8")).isEqualTo(TextAugmentation.light());
  }

  @Test
  void otherTextsAreRefused() {
    for (String wrong : new String[]{"much", "0.1:0.2", "0.1:0.2:x", "2:0:1"}) {
      assertThatThrownBy(() -> Augmentation.text(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
