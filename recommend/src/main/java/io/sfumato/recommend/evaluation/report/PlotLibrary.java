package io.sfumato.recommend.evaluation.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/** Vega, Vega-Lite and Vega-Embed as they stand on the class path (WebJars), to be put inside a page, with their licence. */
final class PlotLibrary {
  private static final List<String> NAMES = List.of("vega", "vega-lite", "vega-embed");

  private static final Pattern SOURCE_MAP = Pattern.compile("(?m)^//# sourceMappingURL=.*$");

  private PlotLibrary() {}

  /** The three scripts, in the order in which they need each other, without the line that names a map to their sources, which a browser might look for. */
  static List<String> scripts() {
    return NAMES.stream()
        .map(name -> text("/META-INF/resources/webjars/%s/%s/%s.min.js".formatted(name, version(name), name)))
        .map(script -> SOURCE_MAP.matcher(script).replaceAll(""))
        .toList();
  }

  /** Names with versions, and the text under which they may be passed on. */
  static String licence() {
    return "Plots: " + String.join(", ", NAMES.stream().map(name -> name + " " + version(name)).toList()) + "\n"
        + text("vega-licence.txt");
  }

  private static String version(String name) {
    String place = "/META-INF/maven/org.webjars/%s/pom.properties".formatted(name);
    try (InputStream in = PlotLibrary.class.getResourceAsStream(place)) {
      if (in == null) {
        throw new IllegalStateException(
            "the library org.webjars:%s is not on the class path; pages need it for their plots".formatted(name));
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(place, e);
    }
  }

  private static String text(String place) {
    try (InputStream in = PlotLibrary.class.getResourceAsStream(place)) {
      if (in == null) {
        throw new IllegalStateException("%s is not on the class path; pages need it for their plots".formatted(place));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(place, e);
    }
  }
}
