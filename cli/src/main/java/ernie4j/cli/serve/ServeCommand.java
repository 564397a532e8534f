package ernie4j.cli.serve;

import ernie4j.cli.option.Range;
import ernie4j.cli.option.UsageException;
import ernie4j.pipeline.LongText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    description = "Serve models over HTTP, with a page to try them on.",
    mixinStandardHelpOptions = true,
    footerHeading = "For example:%n",
    footer = {
      "  ernie4j serve",
      "  ernie4j serve --model bge=bge-small-zh.ernie --model slu.ernie --port 9000",
      "  curl -d '{\"input\": \"来一首周华健的花心\"}' http://127.0.0.1:8080/v1/parse",
      "docs/serving.md describes requests, limits and monitoring."
    })
// No method here may refer to a class of the server: picocli inspects all of them, even for 'help',
// where the server is not on the class path.
public final class ServeCommand implements Callable<Integer> {
  /** The environment variable that may hold the token instead of a file, for containers. */
  static final String TOKEN_VARIABLE = "ERNIE4J_TOKEN";

  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "[NAME=]MODEL",
      converter = ServedFile.Converter.class,
      description =
          "A model (a file, or the name of a pulled one) and its name in requests; may be repeated (default: the bundled one). Requests without a name go to the first model that can answer them.")
  List<ServedFile> models = new ArrayList<>();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "The address to listen on; 0.0.0.0 for all addresses (default: ${DEFAULT-VALUE}, this machine only).")
  String host;

  /** A TCP port. */
  static final class Port extends Range<Integer> {
    Port() {
      super("a port from 0 to 65535", Integer::valueOf, n -> n >= 0 && n <= 65_535);
    }
  }

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = Port.class,
      defaultValue = "8080",
      description = "The port to listen on; 0 for any free port (default: ${DEFAULT-VALUE}).")
  int port;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "A file with the secret that requests must send as 'Authorization: Bearer SECRET' (default: the value of "
              + TOKEN_VARIABLE
              + " in the environment, if it is set).")
  @Nullable Path tokenFile;

  @Option(
      names = "--max-body",
      converter = Range.Count.class,
      paramLabel = "BYTES",
      defaultValue = "1048576",
      description = "The largest body of a request (default: ${DEFAULT-VALUE}).")
  int maxBody;

  @Option(
      names = "--max-texts",
      converter = Range.Count.class,
      paramLabel = "TEXTS",
      defaultValue = "256",
      description = "The most texts in a request (default: ${DEFAULT-VALUE}).")
  int maxTexts;

  @Option(
      names = "--max-tokens",
      converter = Range.Count.class,
      paramLabel = "TOKENS",
      defaultValue = "65536",
      description = "The most tokens in all texts of a request (default: ${DEFAULT-VALUE}).")
  int maxTokens;

  @Option(
      names = "--max-waiting",
      converter = Range.Count.class,
      paramLabel = "TEXTS",
      defaultValue = "1024",
      description =
          "The most texts that wait for a model; more are refused with 429 (default: ${DEFAULT-VALUE}).")
  int maxWaiting;

  @Option(
      names = "--batch-size",
      converter = Range.Count.class,
      paramLabel = "TEXTS",
      defaultValue = "32",
      description = "The most texts that are computed together (default: ${DEFAULT-VALUE}).")
  int batchSize;

  /** Microseconds, up to a second. */
  static final class Microseconds extends Range<Integer> {
    Microseconds() {
      super("microseconds from 0 to 1000000", Integer::valueOf, n -> n >= 0 && n <= 1_000_000);
    }
  }

  @Option(
      names = "--batch-wait",
      converter = Microseconds.class,
      paramLabel = "MICROSECONDS",
      defaultValue = "0",
      description =
          "How long a text waits to be batched with others while a thread is free (default: ${DEFAULT-VALUE}; texts that arrive while all threads are busy are batched in any case).")
  int batchWait;

  @Option(
      names = "--long-text",
      paramLabel = "POLICY",
      description =
          "What to do with a text that is longer than the model reads at once: error, truncate, or window where possible (default: error; commands are truncated).")
  @Nullable LongText longText;

  @Option(
      names = "--warm-up",
      converter = Range.CountOrNone.class,
      paramLabel = "MILLISECONDS",
      description =
          "How long to warm up before /readyz says ready (default: 800, or 100 with machine code); docs/serving.md.")
  @Nullable Integer warmUp;

  @Option(
      names = "--stop-timeout",
      converter = Range.CountOrNone.class,
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long accepted requests may take when the service is told to stop (default: ${DEFAULT-VALUE}).")
  int stopTimeout;

  @Option(
      names = "--no-access-log",
      description = "Do not print a JSON line for every request on standard output.")
  boolean noAccessLog;

  @Option(
      names = "--check",
      description = "Start, answer one request, and stop: a check of these options and models.")
  boolean check;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (noServer()) {
      throw new UsageException(
          "serve needs the server, which is not on the class path: start it with ./ernie4j, or add ernie4j-server");
    }
    new ServiceProcess(this, token()).run();
    return 0;
  }

  /** The launcher adds the server's jars to the class path only for this command. */
  private static boolean noServer() {
    try {
      Class.forName("ernie4j.server.ErnieServer", false, ServeCommand.class.getClassLoader());
      return false;
    } catch (ClassNotFoundException e) {
      return true;
    }
  }

  private @Nullable String token() throws IOException {
    if (tokenFile == null) {
      return System.getenv(TOKEN_VARIABLE);
    }
    String secret = Files.readString(tokenFile).strip();
    if (secret.isEmpty()) {
      throw new UsageException("--token-file: expected a secret, got an empty file: " + tokenFile);
    }
    return secret;
  }
}
