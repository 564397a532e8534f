package ernie4j.bench.process;

import ernie4j.cli.Main;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service in a process of its own, with the bundled model. */
final class ServiceProcess implements Closeable {
  private static final Pattern ADDRESS = Pattern.compile("serving on http://[^:]+:(\\d+)");
  private static final long STOP_SECONDS = 40;

  private final Process process;
  private final int port;

  private ServiceProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a service and waits until it listens.
   *
   * @param options of the command
   */
  static ServiceProcess start(List<String> options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0"));
    arguments.addAll(options);
    Process process =
        ChildJvm.of(List.of(), Main.class, arguments)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader reader = process.errorReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        return new ServiceProcess(process, Integer.parseInt(address.group(1)));
      }
    }
    process.destroyForcibly();
    throw new IOException("the service ended before it listened");
  }

  int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
