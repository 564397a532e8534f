package ernie4j.cli.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Sends test requests to a server that was just started. */
final class SelfCheck {
  private static final String ANY_ADDRESS = "0.0.0.0";
  private static final int TIMEOUT_MILLIS = 10_000;

  private SelfCheck() {}

  /**
   * Lists the models and parses an utterance, which a server without a suitable model rejects.
   *
   * @throws IOException if the server does not answer
   */
  static void run(int port, String host, @Nullable String token) throws IOException {
    String reachable = host.equals(ANY_ADDRESS) ? "127.0.0.1" : host;
    String base = "http://%s:%d".formatted(ServiceProcess.shown(reachable), port);
    int models = ask(base + "/v1/models", null, token);
    int parsed = ask(base + "/v1/parse", "{\"input\": \"来一首周华健的花心\"}", token);
    if (models != 200 || (parsed != 200 && parsed != 404)) {
      throw new IOException(
          "expected answers from the service, got status %d for its models and %d for a command"
              .formatted(models, parsed));
    }
  }

  private static int ask(String address, @Nullable String body, @Nullable String token)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    if (token != null) {
      connection.setRequestProperty("Authorization", "Bearer " + token);
    }
    if (body != null) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body.getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }
}
