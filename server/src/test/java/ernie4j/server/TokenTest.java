package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.pipeline.TinyModels;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A service with a token: which requests need it and which do not. */
class TokenTest {
  private static final String TOKEN = "opaque-token";
  private static Running service;

  @BeforeAll
  static void start() {
    service = Running.start(Servers.options().token(TOKEN), Map.of("tiny", TinyModels.joint()));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static Running.Reply ask(String path, String authorization, boolean post) {
    HttpRequest.Builder request = service.request(path);
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return service.send(
        (post ? request.POST(HttpRequest.BodyPublishers.ofString("{\"input\": \"天\"}")) : request)
            .build());
  }

  @Test
  void modelsAndMetricsNeedTheToken() {
    for (String path : List.of("/v1/models", "/metrics", "/v1/parse", "/v1/nothing")) {
      boolean post = path.equals("/v1/parse");
      Running.Reply none = ask(path, "", post);
      assertThat(none.error(401))
          .isEqualTo(
              "expected the token of this service as 'Authorization: Bearer TOKEN', got none");
      assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      for (String wrong :
          List.of(
              "Bearer",
              "Bearer ",
              "Bearer x",
              "Bearer opaque-token2",
              "Basic opaque-token",
              "opaque-token")) {
        assertThat(ask(path, wrong, post).error(401)).as(wrong).endsWith("got another one");
      }
    }
  }

  @Test
  void acceptsTheToken() {
    String right = "Bearer opaque-token";
    assertThat(ask("/v1/parse", right, true).status()).isEqualTo(200);
    assertThat(ask("/v1/parse", "bearer opaque-token", true).status())
        .as("the name of the scheme is case-insensitive")
        .isEqualTo(200);
    assertThat(ask("/v1/models", right, false).status()).isEqualTo(200);
    assertThat(ask("/metrics", right, false).status()).isEqualTo(200);
    assertThat(ask("/v1/nothing", right, false).status()).isEqualTo(404);
  }

  /** Other spellings of a path do not bypass the token. */
  @Test
  void otherSpellingsOfPathsNeedTheToken() {
    for (String path : List.of("metrics", "v1/models")) {
      for (String form :
          List.of("/%s", "/%s/", "/%s;x", "//%s", "/x/../%s", "/./%s", "/%%2e/%s", "/%%00%s")) {
        assertThat(ask(form.formatted(path), "", false).text())
            .as(form)
            .doesNotContain("tiny", "ernie4j_");
      }
      assertThat(ask("/" + path + "/", "", false).status()).isEqualTo(401);
      assertThat(ask("/" + path.replace("m", "%6d"), "", false).text())
          .doesNotContain("tiny", "ernie4j_");
      for (String method : List.of("HEAD", "OPTIONS", "POST")) {
        HttpRequest.Builder request =
            service.request("/" + path).method(method, HttpRequest.BodyPublishers.noBody());
        assertThat(service.send(request.build()).status()).as(method).isEqualTo(401);
      }
    }
  }

  /** Jetty caches headers per connection, and a proxy may send those of many clients on one. */
  @Test
  void tokensAreCaseSensitive() {
    for (int i = 0; i < 3; i++) {
      assertThat(ask("/v1/models", "Bearer opaque-token", false).status()).isEqualTo(200);
      assertThat(ask("/v1/models", "Bearer Opaque-Token", false).status()).isEqualTo(401);
    }
  }

  /** A load balancer requests the first two; the page asks its user for the token. */
  @Test
  void healthAndPageNeedNoToken() {
    for (String path : List.of("/healthz", "/readyz", "/", "/openapi.json")) {
      assertThat(ask(path, "", false).status()).as(path).isEqualTo(200);
      assertThat(ask(path, "Bearer x", false).status()).as(path).isEqualTo(200);
    }
  }
}
