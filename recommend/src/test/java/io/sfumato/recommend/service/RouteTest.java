package io.sfumato.recommend.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RouteTest {
  @Test
  void theDescriptionHasEveryRouteWithItsScopeAndNoOther() throws Exception {
    JsonNode paths;
    try (InputStream in = RouteTest.class.getResourceAsStream("openapi.json")) {
      paths = new JsonMapper().readTree(in).path("paths");
    }
    List<String> described = new ArrayList<>();
    paths.properties().forEach(path -> path.getValue().properties().forEach(operation -> {
      String method = operation.getKey().toUpperCase(Locale.ROOT);
      described.add(method + " " + path.getKey());
      Route route = Route.find(method, path.getKey().replace("{id}", "x")).route();
      Scope scope = route.scope();
      JsonNode security = operation.getValue().path("security");
      assertThat(security.at("/0/token/0").asText("")).as(operation.getKey() + path.getKey())
          .isEqualTo(scope == null ? "" : scope.word());
    }));
    assertThat(described).containsExactlyInAnyOrderElementsOf(Route.all());
  }

  @Test
  void anIdMayHoldAnEncodedSlash() {
    Route.Match match = Route.find("GET", "/v1/items/a%2Fb/image");
    assertThat(match.route()).isEqualTo(Route.IMAGE);
    assertThat(match.variables()).containsEntry("id", "a/b");
  }

  @Test
  void headIsAsGet() {
    assertThat(Route.find("HEAD", "/health").route()).isEqualTo(Route.HEALTH);
    assertThatThrownBy(() -> Route.find("HEAD", "/v1/feedback")).isInstanceOfSatisfying(Problem.class,
        problem -> assertThat(problem.status()).isEqualTo(405));
  }

  @Test
  void whatIsNoPathIsNotFoundAndWhatIsNoMethodIsTold() {
    assertThatThrownBy(() -> Route.find("GET", "/v1/items/")).isInstanceOfSatisfying(Problem.class,
        problem -> assertThat(problem.status()).isEqualTo(404));
    assertThatThrownBy(() -> Route.find("DELETE", "/v1/items")).hasMessageContaining("GET alone")
        .isInstanceOfSatisfying(Problem.class, problem -> {
          assertThat(problem.status()).isEqualTo(405);
          assertThat(problem.answer("1").headers()).containsEntry("Allow", "GET");
        });
  }

  @Test
  void onlyWholeEscapesOfWholeUtf8AreDecoded() {
    assertThat(Percent.decode("a%20b+c", false)).isEqualTo("a b+c");
    assertThat(Percent.decode("a+%C3%BC", true)).isEqualTo("a ü");
    for (String broken : List.of("%", "%2", "%zz", "%c0%af", "%ed%a0%80", "%00", "ü", "a b")) {
      assertThatThrownBy(() -> Percent.decode(broken, true)).as(broken)
          .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.code()).isEqualTo("BAD_ENCODING"));
    }
  }
}
