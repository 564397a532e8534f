package ernie4j.cli.serve;

import ernie4j.server.ErnieServer;
import ernie4j.server.ServerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The service that {@code serve} starts, from the first line on standard error to the last. */
final class ServiceProcess {
  private static final Duration LONGEST_WARM_UP = Duration.ofDays(1);

  private final ServeCommand command;
  private final @Nullable String token;

  ServiceProcess(ServeCommand command, @Nullable String token) {
    this.command = command;
    this.token = token;
  }

  /** Starts the service and returns when it has stopped. */
  void run() throws IOException, InterruptedException {
    PrintWriter err = command.spec.commandLine().getErr();
    ErnieServer.Builder builder = ErnieServer.with(options());
    for (ServedFile model : command.models) {
      builder.model(model.name(), model.file());
    }
    long began = System.nanoTime();
    ErnieServer server = (command.models.isEmpty() ? builder.bundledModel() : builder).start();
    if (command.check) {
      try (server) {
        announce(server, began, err);
        SelfCheck.run(server.port(), command.host, token);
      }
      err.println("ernie4j: the service answers");
    } else {
      CountDownLatch stopped = stopWithTheJvm(server, err);
      announce(server, began, err);
      stopped.await();
    }
  }

  private void announce(ErnieServer server, long began, PrintWriter err)
      throws InterruptedException {
    String address = "http://%s:%d".formatted(shown(command.host), server.port());
    err.printf("ernie4j: serving on %s%n", address);
    server.describeModels().forEach(model -> err.println("  " + model));
    warnIfOpen(err);
    server.awaitReady(LONGEST_WARM_UP);
    err.printf("ernie4j: ready after %.1f s; a page to try it: %s%n", seconds(began), address);
  }

  private ServerOptions options() {
    return ServerOptions.defaults()
        .host(command.host)
        .port(command.port)
        .token(token)
        .maxBodyBytes(command.maxBody)
        .maxTexts(command.maxTexts)
        .maxTokens(command.maxTokens)
        .maxWaitingTexts(command.maxWaiting)
        .maxBatchTexts(command.batchSize)
        .batchWait(Duration.ofNanos(1000L * command.batchWait))
        .longText(command.longText)
        .warmUp(command.warmUp == null ? null : Duration.ofMillis(command.warmUp))
        .stopTimeout(Duration.ofSeconds(command.stopTimeout))
        .accessLog(!command.noAccessLog);
  }

  private void warnIfOpen(PrintWriter err) {
    if (token == null && !isLoopback()) {
      err.println(
          "ernie4j: warning: others can reach this service and it asks for no token; see"
              + " --token-file");
    }
  }

  private boolean isLoopback() {
    try {
      return InetAddress.getByName(command.host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  static String shown(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  /** Stops the service when the JVM is told to end, and then counts the returned latch down. */
  private static CountDownLatch stopWithTheJvm(ErnieServer server, PrintWriter err) {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  err.println("ernie4j: stopping, answering what was accepted ...");
                  err.println(
                      server.stop()
                          ? "ernie4j: stopped, every accepted request was answered"
                          : "ernie4j: stopped, but time ran out before all requests were"
                              + " answered");
                  err.flush();
                  stopped.countDown();
                },
                "ernie4j-stop"));
    return stopped;
  }
}
