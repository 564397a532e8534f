package ernie4j.zoo.download;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that may misbehave: a handler writes the response byte by byte as it likes. */
final class ScriptedServer implements AutoCloseable {
  /** A request: its target as sent, and its headers by lower-case name. */
  record Request(int number, String target, Map<String, String> headers) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  interface Handler {
    void response(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final Handler handler;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  private ScriptedServer(ServerSocket socket, Handler handler) {
    this.socket = socket;
    this.handler = handler;
  }

  static ScriptedServer start(Handler handler) throws IOException {
    ScriptedServer server =
        new ScriptedServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), handler);
    daemon(server::accept);
    return server;
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        daemon(() -> serve(connection));
      }
    } catch (SocketException e) {
      // Closed: the test is over.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void serve(Socket connection) {
    try (connection;
        OutputStream out = connection.getOutputStream()) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      String line = in.readLine();
      if (line == null) {
        return;
      }
      String target = line.split(" ", -1)[1];
      Map<String, String> headers = new TreeMap<>();
      for (line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      Request request;
      synchronized (requests) {
        request = new Request(requests.size(), target, headers);
        requests.add(request);
      }
      handler.response(request, out);
    } catch (IOException | InterruptedException e) {
      // The client went away.
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + port() + path);
  }

  List<Request> requests() {
    return requests;
  }

  /** The head of a response; the connection ends with the response. */
  static void head(OutputStream out, String status, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\nConnection: close\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** A file of some version, as a server that knows ranges sends it. */
  static void file(Request request, OutputStream out, byte[] content, String tag, int cutAfter)
      throws IOException {
    String range = request.header("range");
    int from = 0;
    if (range.startsWith("bytes=") && request.header("if-range").equals(tag)) {
      from = Integer.parseInt(range.substring(6, range.length() - 1));
      head(
          out,
          "206 Partial Content",
          "ETag: " + tag,
          "Content-Length: " + (content.length - from),
          "Content-Range: bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    } else {
      head(out, "200 OK", "ETag: " + tag, "Content-Length: " + content.length);
    }
    out.write(content, from, Math.min(cutAfter, content.length - from));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
