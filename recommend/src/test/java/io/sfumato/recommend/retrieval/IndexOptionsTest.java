package io.sfumato.recommend.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IndexOptionsTest {
  @Test
  void anAutomaticBreadthGrowsWithTheItemsAndAChosenOneDoesNot() {
    IndexOptions automatic = IndexOptions.defaults();
    assertThat(automatic.breadthOf(1_000_000)).isEqualTo(800);
    assertThat(automatic.breadthOf(200_000)).isEqualTo(437);
    assertThat(automatic.breadthOf(10_000_000)).isBetween(1800, 2000);
    assertThat(automatic.breadthOf(1)).isEqualTo(250);
    assertThat(automatic.withBreadth(70).breadthOf(1_000_000)).isEqualTo(70);
    assertThatThrownBy(() -> automatic.withBreadth(-1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("breadth -1");
  }
}
