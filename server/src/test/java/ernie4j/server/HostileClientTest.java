package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever clients do, the service answers the next one. */
@Timeout(120)
class HostileClientTest {
  private static final int BODY = Servers.COMMAND.getBytes(StandardCharsets.UTF_8).length;

  private static ErnieServer server;

  @BeforeAll
  static void start() throws IOException {
    server = Servers.bundled(Servers.options());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void assertAnswers() throws IOException, InterruptedException {
    assertThat(Servers.statusOfParse(server)).isEqualTo(200);
  }

  @Test
  void bodiesThatEndEarly() throws Exception {
    for (int i = 0; i < 50; i++) {
      try (Socket socket = Servers.connect(server)) {
        Servers.send(socket, Servers.head(BODY) + Servers.COMMAND.substring(0, 5));
        socket.shutdownOutput();
        assertThat(Servers.statusLine(socket)).isIn("", "HTTP/1.1 400 Bad Request");
      }
    }
    assertAnswers();
  }

  @Test
  void connectionsThatAreReset() throws Exception {
    for (int i = 0; i < 200; i++) {
      try (Socket socket = Servers.connect(server)) {
        Servers.send(socket, Servers.head(BODY) + Servers.COMMAND);
        socket.setSoLinger(true, 0); // a reset
      }
    }
    assertAnswers();
  }

  @Test
  void refusesAHundredMegabytes() throws Exception {
    try (Socket socket = Servers.connect(server)) {
      Servers.send(socket, Servers.head(100_000_000) + "{\"input\": \"");
      assertThat(Servers.statusLine(socket)).contains("413");
    }
    try (Socket socket = Servers.connect(server)) {
      Servers.send(
          socket, "POST /v1/parse HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
      String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
      boolean refused = false;
      try {
        for (int i = 0; i < 1600 && !refused; i++) {
          Servers.send(socket, chunk);
          refused = socket.getInputStream().available() > 0;
        }
      } catch (IOException e) {
        refused = true; // the service closed the connection
      }
      assertThat(refused).as("refused before 100 MB").isTrue();
    }
    assertAnswers();
  }

  @Test
  void acceptsABodyInTwoPieces() throws Exception {
    byte[] bytes = Servers.COMMAND.getBytes(StandardCharsets.UTF_8);
    try (Socket socket = Servers.connect(server)) {
      Servers.send(socket, Servers.head(BODY));
      TimeUnit.MILLISECONDS.sleep(300);
      socket.getOutputStream().write(bytes, 0, 12);
      socket.getOutputStream().flush();
      TimeUnit.MILLISECONDS.sleep(700);
      socket.getOutputStream().write(bytes, 12, bytes.length - 12);
      assertThat(Servers.statusLine(socket)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void bytesThatAreNotHttp() throws Exception {
    for (String text :
        List.of("hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u0000\u0001\u0002\r\n\r\n")) {
      try (Socket socket = Servers.connect(server)) {
        Servers.send(socket, text);
        socket.shutdownOutput();
        assertThat(Servers.statusLine(socket)).doesNotContain(" 200 ");
      }
    }
    assertAnswers();
  }

  @Test
  void idleConnectionsAndUnfinishedBodies() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        Socket socket = Servers.connect(server);
        sockets.add(socket);
        if (i % 4 == 0) {
          Servers.send(socket, Servers.head(BODY) + "{"); // and no more
        }
      }
      // A hundred of them occupy a thread each, of two hundred threads.
      assertAnswers();
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    assertAnswers();
  }
}
