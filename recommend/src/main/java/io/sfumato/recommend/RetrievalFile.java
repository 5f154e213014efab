package io.sfumato.recommend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.BundleWriter;
import io.sfumato.recommend.retrieval.IndexOptions;
import io.sfumato.recommend.retrieval.VectorStorage;
import java.io.IOException;
import java.nio.file.Files;

/** With which options the index of a bundle was built, and is searched: {@code model/retrieval.json}. A bundle without that file has the defaults. */
final class RetrievalFile {
  private static final String NAME = "model/retrieval.json";
  private static final long MAX_BYTES = 1 << 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  private RetrievalFile() {}

  static void write(BundleWriter writer, IndexOptions options) {
    ObjectNode root = JSON.createObjectNode()
        .put("exact_below", options.exactBelow())
        .put("breadth", options.breadth())
        .put("links", options.links())
        .put("build_breadth", options.buildBreadth())
        .put("format", options.storage().id());
    try {
      Files.write(writer.file(NAME), JSON.writeValueAsBytes(root));
    } catch (IOException e) {
      throw new BundleException("IO", "cannot write " + NAME + ": " + e, e);
    }
  }

  static IndexOptions read(Bundle bundle) {
    return bundle.has(NAME) ? bundle.reading(NAME, path -> {
      if (Files.size(path) > MAX_BYTES) {
        throw new IOException("it is larger than " + MAX_BYTES + " bytes");
      }
      JsonNode root = JSON.readTree(Files.readAllBytes(path));
      return new IndexOptions(number(root, "exact_below"), number(root, "breadth"), number(root, "links"),
          number(root, "build_breadth"), VectorStorage.parse(root.path("format").asText()));
    }) : IndexOptions.defaults();
  }

  private static int number(JsonNode root, String name) throws IOException {
    JsonNode value = root.path(name);
    if (!value.canConvertToInt()) {
      throw new IOException("%s must be a whole number but is %s".formatted(name, value));
    }
    return value.asInt();
  }
}
