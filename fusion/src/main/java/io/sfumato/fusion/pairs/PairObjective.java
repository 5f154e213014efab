package io.sfumato.fusion.pairs;

import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.objective.ContrastiveObjective;
import io.sfumato.fusion.objective.GroupedContrastiveObjective;
import io.sfumato.fusion.objective.PublicAnchorObjective;
import java.util.Locale;

/** What a training on pairs minimises. */
public enum PairObjective {
  /** Symmetric InfoNCE over the whole batch ({@link ContrastiveObjective}): no bound holds, so never private. */
  CONTRASTIVE,
  /** InfoNCE inside small groups ({@link GroupedContrastiveObjective}): a pair moves a step's sum by 2C at most. */
  GROUPED,
  /** Both sides are compared with public anchors ({@link PublicAnchorObjective}): a pair moves a step's sum by C at most. */
  ANCHORS;

  /** Lower-case name, as on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The objective of a label.
   *
   * @throws FusionException {@code BAD_OPTION} where there is none
   */
  public static PairObjective parse(String label) {
    for (PairObjective objective : values()) {
      if (objective.label().equals(label)) {
        return objective;
      }
    }
    throw new FusionException("BAD_OPTION",
        "the objective must be contrastive, grouped or anchors but was '%s'".formatted(label));
  }
}
