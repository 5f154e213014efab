package io.sfumato.privacy.report;

/** What a mark of a plot stands for; the stylesheet says which colour that is, by day and by night. */
enum Tone {
  /** What is claimed, or allowed by the claim. */
  CLAIM("claim", "#010101"),
  /** An attack. */
  ATTACK("attack", "#020202"),
  /** Another attack. */
  OTHER("other", "#030303"),
  /** Chance, or what stands by for comparison. */
  CHANCE("chance", "#040404"),
  /** A model without protection. */
  BARE("bare", "#050505"),
  /** Lines of the grid. */
  GRID("grid", "#060606"),
  /** Axes. */
  AXIS("axis", "#070707");

  private final String label;
  private final String stand;

  Tone(String label, String stand) {
    this.label = label;
    this.stand = stand;
  }

  /** Name in the stylesheet. */
  String label() {
    return label;
  }

  /** A colour that stands in for it while a plot is drawn, as {@code #rrggbb}. */
  String stand() {
    return stand;
  }

  /** Whether a drawing's colour, {@code #rrggbb} or {@code rgb(r,g,b)}, is the one that stands in for this. */
  boolean is(String colour) {
    int grey = Integer.parseInt(stand.substring(1, 3), 16);
    return colour.equals(stand) || colour.equals("rgb(" + grey + "," + grey + "," + grey + ")");
  }
}
