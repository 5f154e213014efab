package io.sfumato.recommend.evaluation.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Which colour and shape a system has, the same in every plot of a page: the subject its own, the best others one each, all further ones grey.
 *
 * @param systems every system, the best first
 * @param shown those that have a colour of their own, the subject first
 */
record Palette(List<String> systems, List<String> shown) {
  /** How many others are told apart: more colours than eyes can. */
  static final int COLOURED = 5;

  private static final List<String> SHAPES = List.of("circle", "square", "triangle-up", "diamond", "triangle-down",
      "cross");

  Palette {
    systems = List.copyOf(systems);
    shown = List.copyOf(shown);
  }

  static Palette of(List<String> bestFirst, String subject) {
    List<String> shown = new ArrayList<>();
    if (bestFirst.contains(subject)) {
      shown.add(subject);
    }
    bestFirst.stream().filter(name -> !name.equals(subject)).limit(COLOURED).forEach(shown::add);
    return new Palette(bestFirst, shown);
  }

  /** Shown ones in the order of the colours, then the others: the domain of scales. */
  List<String> domain() {
    List<String> domain = new ArrayList<>(shown);
    systems.stream().filter(name -> !shown.contains(name)).forEach(domain::add);
    return domain;
  }

  List<String> colours(String subject) {
    return domain().stream().map(name -> colour(name, subject)).toList();
  }

  List<String> shapes() {
    return domain().stream().map(name -> SHAPES.get(Math.max(0, shown.indexOf(name)) % SHAPES.size())).toList();
  }

  private String colour(String name, String subject) {
    if (name.equals(subject)) {
      return Vega.OURS;
    }
    int at = shown.indexOf(name);
    return at < 0 ? Vega.OTHER : "var(--c%d)".formatted(shown.contains(subject) ? at : at + 1);
  }

  /** An entry of a legend: what a colour and shape stand for. */
  record Entry(String name, String colour, String shape) {
    /** The shape as an SVG path in a square of 16 around the origin. */
    String path() {
      return switch (shape) {
        case "square" -> "M-6,-6h12v12h-12z";
        case "triangle-up" -> "M0,-7L7,6H-7Z";
        case "triangle-down" -> "M0,7L7,-6H-7Z";
        case "diamond" -> "M0,-8L7,0L0,8L-7,0Z";
        case "cross" -> "M-2.5,-7.5h5v5h5v5h-5v5h-5v-5h-5v-5h5z";
        default -> "M7,0A7,7,0,1,1,-7,0A7,7,0,1,1,7,0Z";
      };
    }
  }

  /** What the page's legend says. */
  List<Entry> legend(String subject) {
    List<String> shapes = shapes();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      entries.add(new Entry(shown.get(i), colour(shown.get(i), subject), shapes.get(i)));
    }
    return entries;
  }
}
