package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StopTest {
  private static final int BODY = Servers.COMMAND.getBytes(StandardCharsets.UTF_8).length;

  /** Sends request after request on one connection, and reconnects when the server says so. */
  private static void sendUntilRefused(
      ErnieServer server, AtomicInteger answered, ConcurrentLinkedQueue<String> lost) {
    try {
      while (true) {
        try (Socket socket = Servers.connect(server)) {
          boolean open = true;
          while (open) {
            Servers.send(socket, Servers.head(BODY) + Servers.COMMAND);
            String response = response(socket);
            if (response.isEmpty()) {
              lost.add("a request without a response");
              return;
            }
            if (!response.startsWith("HTTP/1.1 200")) {
              lost.add(response);
              return;
            }
            answered.incrementAndGet();
            open = !response.contains("Connection: close");
          }
        }
      }
    } catch (ConnectException e) {
      // Expected: the server has stopped listening.
    } catch (IOException e) {
      lost.add(e.toString());
    }
  }

  /** Head and body of a response. */
  private static String response(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = socket.getInputStream().read();
      if (c < 0) {
        return head.toString();
      }
      head.append((char) c);
    }
    String length = head.toString().replaceAll("(?s).*Content-Length: (\\d+).*", "$1");
    socket.getInputStream().readNBytes(Integer.parseInt(length));
    return head.toString();
  }

  @Test
  void everyAcceptedRequestIsAnswered() throws Exception {
    for (int round = 0; round < 3; round++) {
      ErnieServer server = Servers.bundled(Servers.options());
      AtomicInteger answered = new AtomicInteger();
      ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        Thread client = new Thread(() -> sendUntilRefused(server, answered, lost));
        client.start();
        clients.add(client);
      }
      while (answered.get() < 200) {
        Thread.sleep(5);
      }
      assertThat(server.stop()).isTrue();
      for (Thread client : clients) {
        client.join();
      }
      assertThat(lost).isEmpty();
      assertThat(answered.get()).isGreaterThanOrEqualTo(200);
    }
  }

  @Test
  void unfinishedRequestsDoNotPreventStopping() throws Exception {
    ErnieServer server = Servers.bundled(Servers.options().stopTimeout(Duration.ofSeconds(1)));
    try (Socket socket = Servers.connect(server)) {
      Servers.send(socket, Servers.head(BODY) + "{");
      Thread.sleep(200); // until the service reads it
      long began = System.nanoTime();
      assertThat(server.stop()).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }
  }
}
