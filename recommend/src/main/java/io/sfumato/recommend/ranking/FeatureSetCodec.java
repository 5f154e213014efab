package io.sfumato.recommend.ranking;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A feature set as one line: {@code name:CHANNEL:fromInteractions,…;STATISTIC,…}. */
final class FeatureSetCodec {
  private FeatureSetCodec() {}

  static String encode(FeatureSet features) {
    List<String> sources = features.sources()
        .stream()
        .map(source -> source.name() + ":" + source.channel() + ":" + source.fromInteractions())
        .toList();
    return String.join(",", sources) + ";" + String.join(",", features.statistics().stream().map(Enum::name).toList());
  }

  static FeatureSet decode(String line) {
    String[] parts = line.split(";", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("no feature set: '" + line + "'; train the ranker again with this version");
    }
    List<Signal> sources = new ArrayList<>();
    for (String source : split(parts[0])) {
      String[] fields = source.split(":", -1);
      if (fields.length != 3) {
        throw new IllegalArgumentException("no signal: '" + source + "'; train the ranker again with this version");
      }
      sources.add(new Signal(fields[0], Channel.valueOf(fields[1]), Boolean.parseBoolean(fields[2])));
    }
    Set<FeatureSet.Statistic> statistics = new LinkedHashSet<>();
    split(parts[1]).forEach(name -> statistics.add(FeatureSet.Statistic.valueOf(name)));
    return FeatureSet.of(sources, statistics);
  }

  private static List<String> split(String list) {
    return list.isEmpty() ? List.of() : List.of(list.split(",", -1));
  }
}
