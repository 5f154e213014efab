package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.recommend.service.ApiTokens;
import io.sfumato.recommend.service.Scope;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, and who does not. */
class ServiceTokensTest {
  /** One question of each scope. */
  private static final List<List<String>> QUESTIONS = List.of(List.of("read", "GET", "/v1/items"),
      List.of("read", "GET", "/metrics"), List.of("read", "GET", "/openapi.json"),
      List.of("read", "GET", "/v1/attributes"), List.of("read", "GET", "/v1/users/u/history"),
      List.of("read", "GET", "/v1/items/x"), List.of("read", "GET", "/v1/items/x/image"),
      List.of("read", "POST", "/v1/recommend"), List.of("read", "POST", "/v1/search"),
      List.of("read", "POST", "/v1/similar"), List.of("write", "POST", "/v1/feedback"),
      List.of("write", "PUT", "/v1/items/x"), List.of("write", "DELETE", "/v1/items/x"),
      List.of("admin", "GET", "/v1/users"), List.of("admin", "GET", "/v1/admin/versions"),
      List.of("admin", "POST", "/v1/admin/swap"), List.of("admin", "POST", "/v1/admin/snapshot"));

  @TempDir
  Path folder;

  @Test
  void nothingIsServedWithoutTheRightToken() throws Exception {
    ApiTokens.Made reader = ApiTokens.make("reader", Set.of(Scope.READ));
    ApiTokens.Made writer = ApiTokens.make("writer", Set.of(Scope.WRITE));
    ApiTokens.Made admin = ApiTokens.make("admin", Set.of(Scope.ADMIN));
    ApiTokens tokens = new ApiTokens(List.of(reader.token(), writer.token(), admin.token()));
    try (Served served = Served.of(folder, options -> options.tokens(tokens))) {
      for (List<String> question : QUESTIONS) {
        String method = question.get(1);
        String path = question.get(2);
        String body = method.equals("POST") || method.equals("PUT") ? "{}" : null;
        served.send(method, path, body).problem(401, "TOKEN_MISSING");
        for (String wrong : List.of("Bearer ", "Bearer x", "Basic " + reader.secret(),
            "Bearer " + reader.token().sha256(),
            "Bearer " + reader.secret() + "x", reader.secret(),
            "Bearer " + reader.secret().toUpperCase(java.util.Locale.ROOT))) {
          assertThat(served.send(method, path, body, "Authorization", wrong).status()).as(path + " " + wrong)
              .isEqualTo(401);
        }
        for (ApiTokens.Made made : List.of(reader, writer, admin)) {
          boolean right = made.token().scopes().contains(Scope.of(question.getFirst()));
          Served.Answer answer = served.send(method, path, body, "Authorization", "Bearer " + made.secret());
          served.logged(answer);
          if (right) {
            assertThat(answer.status()).as(path).isNotIn(401, 403, 500);
          } else {
            answer.problem(403, "SCOPE_MISSING");
          }
        }
      }
      served.get("/v1/items?token=" + reader.secret()).problem(401, "TOKEN_MISSING");
      for (String open : List.of("/health", "/ready")) {
        served.get(open).ok();
      }
      assertThat(served.get("/").ok().body()).contains("<main");
      assertThat(served.accessLog).noneMatch(line -> line.contains(reader.secret()));
    }
  }

  @Test
  void withoutTokensTheHostMustBeThisOne() throws Exception {
    try (Served served = Served.of(folder, options -> options.hosts(Set.of("shop.example")))) {
      assertThat(raw(served, "GET /v1/items HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 421")
          .contains("HOST_NOT_ALLOWED");
      assertThat(raw(served, "GET /v1/items HTTP/1.1\r\nHost: shop.example:80\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 200");
      assertThat(raw(served, "GET /v1/items HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void otherMachinesAreNotLetInByAccident() throws Exception {
    Path bundle = Served.copy(folder);
    Ran.sfumato("serve", bundle.toString(), "--host", "0.0.0.0", "--port", "0")
        .failed(2, "0.0.0.0 can be reached by other machines", "--tokens FILE", "--allow-anonymous");
  }

  @Test
  void tokensAreMadeIntoAFileThatOnlyItsOwnerReads() throws Exception {
    Path file = folder.resolve("tokens.yaml");
    Ran first = Ran.sfumato("serve", "token", "--name", "shop", "--scope", "read,write", "--into", file.toString(),
        "--json").ok();
    Ran.sfumato("serve", "token", "--name", "me", "--scope", "admin", "--into", file.toString()).ok();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    assertThat(Files.readString(file)).doesNotContain(first.json().get("secret").asText())
        .contains(first.json().get("sha256").asText());
    assertThat(ApiTokens.read(file).tokens()).extracting(ApiTokens.Token::scopes)
        .containsExactly(EnumSet.of(Scope.READ, Scope.WRITE), EnumSet.of(Scope.ADMIN));
    Ran.sfumato("serve", "token", "--name", "me", "--scope", "read", "--into", file.toString())
        .failed(2, "two tokens share a name");
    Ran.sfumato("serve", "token", "--scope", "all").failed(2, "a scope is read, write or admin but was 'all'");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Ran.sfumato("serve", "somewhere", "--tokens", file.toString()).failed(2, "chmod o-rwx");
  }

  private static String raw(Served served, String request) throws Exception {
    try (Socket socket = served.socket()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(StandardCharsets.UTF_8);
    }
  }
}
