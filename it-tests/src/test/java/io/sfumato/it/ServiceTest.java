package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.sfumato.it.Served.Answer;
import io.sfumato.recommend.Recommender;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every route over real HTTP, with answers held to what {@code /openapi.json} says of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceTest {
  private Path folder;
  private Served served;
  private JsonNode openApi;

  @BeforeAll
  void serve(@TempDir Path shared) throws Exception {
    folder = shared;
    served = Served.of(folder, options -> options.snapshots(folder.resolve("snapshots")));
    openApi = served.get("/openapi.json").ok().json();
  }

  @AfterAll
  void stop() {
    served.close();
  }

  private String firstItem() throws Exception {
    return served.get("/v1/items?count=1").ok().json().at("/items/0/id").asText();
  }

  private String firstUser() throws Exception {
    return served.get("/v1/users?count=1").ok().json().at("/users/0").asText();
  }

  @Test
  void answersAreWhatTheDescriptionSays() throws Exception {
    String item = firstItem();
    String user = firstUser();
    conforms("GET", "/health", "/health", null);
    conforms("GET", "/ready", "/ready", null);
    conforms("POST", "/v1/recommend", "/v1/recommend", "{\"user\":\"%s\",\"k\":5}".formatted(user));
    conforms("POST", "/v1/recommend", "/v1/recommend", "{\"history\":[\"%s\"],\"exclude_seen\":false}".formatted(item));
    conforms("GET", "/v1/recommend", "/v1/recommend?k=3&user=" + user, null);
    conforms("POST", "/v1/search", "/v1/search", "{\"text\":\"a red bag\",\"k\":3}");
    conforms("GET", "/v1/search", "/v1/search?text=bag&words_only=true", null);
    conforms("POST", "/v1/similar", "/v1/similar", "{\"item\":\"%s\"}".formatted(item));
    conforms("GET", "/v1/similar", "/v1/similar?k=2&item=" + item, null);
    conforms("GET", "/v1/items", "/v1/items?from=2&count=5", null);
    conforms("GET", "/v1/items/{id}", "/v1/items/" + item, null);
    conforms("GET", "/v1/attributes", "/v1/attributes", null);
    conforms("GET", "/v1/users/{id}/history", "/v1/users/" + user + "/history", null);
    conforms("GET", "/v1/users", "/v1/users?from=1&count=2", null);
    conforms("GET", "/v1/admin/versions", "/v1/admin/versions", null);
    conforms("POST", "/v1/feedback", "/v1/feedback", "{\"user\":\"%s\",\"item\":\"%s\"}".formatted(user, item));
  }

  @Test
  void everyExampleFitsItsSchema() {
    List<String> seen = new ArrayList<>();
    openApi.get("paths").properties().forEach(path -> path.getValue().properties().forEach(operation -> {
      List<JsonNode> contents = new ArrayList<>();
      operation.getValue().at("/requestBody/content").forEach(contents::add);
      operation.getValue()
          .get("responses")
          .forEach(response -> resolved(response).path("content").forEach(contents::add));
      for (JsonNode content : contents) {
        if (content.has("example")) {
          assertFits(content.get("schema"), content.get("example"), operation.getKey() + " " + path.getKey());
          seen.add(path.getKey());
        }
      }
    }));
    assertThat(seen).hasSizeGreaterThan(30);
    assertThat(openApi.path("openapi").asText()).isEqualTo("3.1.0");
  }

  @Test
  void feedbackChangesTheNextAnswer() throws Exception {
    String question = "{\"user\":\"newcomer\",\"k\":20}";
    JsonNode before = served.post("/v1/recommend", question).ok().json();
    assertThat(before.path("known").asBoolean()).isFalse();
    String taken = before.at("/recommendations/0/item").asText();
    served.post("/v1/feedback", "{\"events\":[{\"user\":\"newcomer\",\"item\":\"%s\"}]}".formatted(taken)).ok();
    JsonNode after = served.post("/v1/recommend", question).ok().json();
    assertThat(after.path("known").asBoolean()).isTrue();
    assertThat(after.findValuesAsText("item").subList(0, 1)).doesNotContain(taken);
    assertThat(after.path("recommendations").findValuesAsText("item")).isNotEmpty();
    assertThat(served.get("/v1/users/newcomer/history").ok().json().at("/history/0/item").asText()).isEqualTo(taken);
    assertThat(served.get("/v1/users?count=1000").ok().json().path("users").toString()).contains("newcomer");
  }

  @Test
  void feedbackOnAnUnknownItemTakesNothing() throws Exception {
    served.post("/v1/feedback",
        "{\"events\":[{\"user\":\"half\",\"item\":\"%s\"},{\"user\":\"half\",\"item\":\"nowhere\"}]}"
            .formatted(firstItem()))
        .problem(404, "UNKNOWN_ITEM");
    served.get("/v1/users/half/history").problem(404, "UNKNOWN_USER");
  }

  @Test
  void anItemIsPutFoundShownAndRemoved() throws Exception {
    ByteArrayOutputStream picture = new ByteArrayOutputStream();
    javax.imageio.ImageIO.write(new java.awt.image.BufferedImage(20, 20, java.awt.image.BufferedImage.TYPE_INT_RGB),
        "png", picture);
    ObjectNode item = Served.JSON.createObjectNode()
        .put("title", "Zanzibar lantern")
        .put("text", "A lantern for the porch")
        .put("image", Base64.getEncoder().encodeToString(picture.toByteArray()));
    item.putObject("attributes").put("category", "lantern");
    String path = "/v1/items/a%2Fb%20%C3%BC";
    assertThat(served.send("PUT", path, item.toString()).ok().status()).isEqualTo(201);
    assertThat(served.send("PUT", path, item.toString()).ok().status()).isEqualTo(200);
    assertThat(served.get(path).ok().json().path("id").asText()).isEqualTo("a/b ü");
    assertThat(
        served.get("/v1/search?words_only=true&text=zanzibar").ok().json().at("/recommendations/0/item").asText())
        .isEqualTo("a/b ü");
    assertThat(served.get("/v1/items?where=category%3Dlantern").ok().json().path("total").asInt()).isEqualTo(1);
    Answer image = served.get(path + "/image").ok();
    assertThat(image.raw().headers().firstValue("Content-Type")).contains("image/png");
    assertThat(served.send("DELETE", path, null).ok().status()).isEqualTo(204);
    served.get(path).problem(404, "UNKNOWN_ITEM");
    served.send("DELETE", path, null).problem(404, "UNKNOWN_ITEM");
  }

  @Test
  void whatIsWrongIsSaidWithACode() throws Exception {
    String item = firstItem();
    served.get("/v1/nothing").problem(404, "NOT_FOUND");
    served.send("PATCH", "/v1/items", null).problem(405, "METHOD_NOT_ALLOWED");
    served.post("/v1/recommend", "{").problem(400, "BAD_JSON");
    served.post("/v1/recommend", "{\"user\":\"a\",\"user\":\"b\"}").problem(400, "BAD_JSON");
    served.post("/v1/recommend", "[1]").problem(400, "BAD_FIELD");
    served.post("/v1/recommend", "{}").problem(400, "MISSING_FIELD");
    served.post("/v1/recommend", "{\"user\":\"a\",\"colour\":1}").problem(400, "UNKNOWN_FIELD");
    served.post("/v1/recommend", "{\"user\":7}").problem(400, "BAD_FIELD");
    served.post("/v1/recommend", "{\"user\":\"a\",\"k\":0}").problem(400, "BAD_FIELD");
    served.post("/v1/recommend", "{\"user\":\"a\",\"k\":1001}").problem(400, "BAD_FIELD");
    served.post("/v1/recommend", "{\"user\":\"a\",\"where\":{\"sort\":\"x\"}}").problem(422, "UNKNOWN_ATTRIBUTE");
    served.post("/v1/recommend", "{\"history\":[\"nowhere\"]}").problem(404, "UNKNOWN_ITEM");
    served.post("/v1/search", "{\"text\":\" \"}").problem(400, "BAD_REQUEST");
    served.post("/v1/search", "{\"text\":\"%s\"}".formatted("x".repeat(3_000))).problem(400, "TOO_LONG");
    served.get("/v1/similar?item=nowhere").problem(404, "UNKNOWN_ITEM");
    served.get("/v1/items?from=-1").problem(400, "BAD_FIELD");
    served.get("/v1/items/%FF").problem(400, "BAD_ENCODING");
    served.get("/v1/items/nowhere/image").problem(404, "UNKNOWN_ITEM");
    served.send("PUT", "/v1/items/x", "{\"image\":\"AAAA\"}").problem(422, "UNDECODABLE_IMAGE");
    served.send("PUT", "/v1/items/x", "{\"title\":\"x\",\"vectors\":{\"text\":[1e99]}}").problem(400, "BAD_FIELD");
    served.send("PUT", "/v1/items/x", "{\"title\":\"x\",\"vectors\":{\"smell\":[1]}}")
        .problem(422,
            "UNSUPPORTED_MODALITY");
    served.send("DELETE", "/v1/items/" + item, "{}").problem(400, "BODY_NOT_ALLOWED");
    served.send("POST", "/v1/feedback", "{}", "Content-Type", "text/plain").problem(415, "NOT_JSON");
    served.post("/v1/admin/swap", "{\"version\":\"nowhere\"}").problem(404, "UNKNOWN_VERSION");
    served.post("/v1/admin/snapshot", "{\"name\":\"../up\"}").problem(400, "BAD_FIELD");
  }

  @Test
  void aSnapshotOpensWithEveryUpdateBeforeIt() throws Exception {
    String item = firstItem();
    served.post("/v1/feedback", "{\"user\":\"kept\",\"item\":\"%s\"}".formatted(item)).ok();
    served.post("/v1/admin/snapshot", "{\"name\":\"monday\"}").ok();
    try (Recommender copy = Recommender.open(folder.resolve("snapshots/monday"))) {
      assertThat(copy.history("kept")).containsExactly(item);
    }
    served.post("/v1/admin/snapshot", "{\"name\":\"monday\"}").problem(409, "SNAPSHOT_EXISTS");
  }

  @Test
  void metersTellOfRequestsButNotOfPeople() throws Exception {
    served.logged(served.post("/v1/recommend", "{\"user\":\"a-secret-person\"}").ok());
    String page = served.get("/metrics").ok().body();
    assertThat(page).contains("http_server_requests_seconds_count{method=\"POST\"", "uri=\"/v1/recommend\"")
        .doesNotContain("a-secret-person");
    JsonNode line = Served.JSON.readTree(served.logged(served.get("/v1/users/a-secret-person/history")));
    assertThat(served.accessLog).isNotEmpty().noneMatch(logged -> logged.contains("secret"));
    assertThat(line.path("route").asText()).isEqualTo("/v1/users/{id}/history");
    assertThat(line.path("status").asInt()).isEqualTo(404);
    assertThat(line.fieldNames()).toIterable()
        .containsExactly("at", "request_id", "method", "route", "status", "ms", "bytes");
  }

  @Test
  void everyAnswerHasTheHeadersThatKeepBrowsersSafe() throws Exception {
    for (String path : List.of("/", "/v1/items", "/nothing")) {
      Map<String, List<String>> headers = served.get(path).raw().headers().map();
      assertThat(headers.get("x-content-type-options")).containsExactly("nosniff");
      assertThat(headers.get("content-security-policy")).singleElement(STRING)
          .contains("default-src 'none'")
          .doesNotContain("unsafe");
      assertThat(headers).doesNotContainKey("access-control-allow-origin");
    }
  }

  @Test
  void pagesOfElsewhereGetNothing() throws Exception {
    served.send("POST", "/v1/feedback", "{}", "Origin", "http://evil.example").problem(403, "ORIGIN_NOT_ALLOWED");
    served.send("GET", "/v1/items", null, "Sec-Fetch-Site", "cross-site").problem(403, "ORIGIN_NOT_ALLOWED");
    served.send("GET", "/v1/items", null, "Origin", "http://127.0.0.1:" + served.service.port()).ok();
  }

  private void conforms(String method, String template, String path, @Nullable String body) throws Exception {
    Answer answer = served.send(method, path, body).ok();
    JsonNode operation = openApi.get("paths").get(template).get(method.toLowerCase(java.util.Locale.ROOT));
    JsonNode schema = operation.at("/responses/" + answer.status() + "/content/application~1json/schema");
    assertThat(schema.isMissingNode()).as("a schema of %s %s", method, template).isFalse();
    assertFits(schema, answer.json(), method + " " + path);
    if (body != null) {
      assertFits(operation.at("/requestBody/content/application~1json/schema"), Served.JSON.readTree(body), path);
    }
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? openApi.at(node.get("$ref").asText().substring(1)) : node;
  }

  private void assertFits(JsonNode schema, JsonNode value, String where) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", openApi.get("components"));
    assertThat(
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole).validate(value))
        .as("%s: %s", where, value)
        .isEmpty();
  }
}
