package ernie4j.server;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Services with the bundled model for tests, and plain connections to them. */
final class Servers {
  static final String COMMAND = "{\"input\": \"来一首周华健的花心\"}";

  private Servers() {}

  static ServerOptions options() {
    return ServerOptions.defaults().port(0).accessLog(false).warmUp(Duration.ZERO);
  }

  static ErnieServer bundled(ServerOptions options) throws IOException {
    return ErnieServer.with(options).bundledModel().start();
  }

  static HttpRequest parse(ErnieServer server) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/parse"))
        .POST(HttpRequest.BodyPublishers.ofString(COMMAND))
        .timeout(Duration.ofSeconds(30))
        .build();
  }

  /** The status of a request that a polite client sends. */
  static int statusOfParse(ErnieServer server) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(parse(server), HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  /** A connection on which anything can be sent. */
  static Socket connect(ErnieServer server) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  static String head(int contentLength) {
    return "POST /v1/parse HTTP/1.1\r\nHost: test\r\nContent-Length: " + contentLength + "\r\n\r\n";
  }

  /** The first line of a response, or an empty one if the connection was closed. */
  static String statusLine(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = socket.getInputStream().read();
        c >= 0 && c != '\r';
        c = socket.getInputStream().read()) {
      line.append((char) c);
    }
    return line.toString();
  }
}
