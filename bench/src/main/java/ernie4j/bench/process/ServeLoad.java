package ernie4j.bench.process;

import ernie4j.bench.input.Utterances;
import ernie4j.pipeline.JointSlu;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares a service with the library that it calls: both answer utterances of the bundled model,
 * one a request, for as many callers at once. The callers share the processors with what they
 * measure.
 */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description =
        "Compares 'ernie4j serve' with calls of the library, for several numbers of callers.")
public final class ServeLoad implements Callable<Integer> {
  private static final int MOST_TEXTS = 500;

  @Option(
      names = "--connections",
      split = ",",
      defaultValue = "1,8,64",
      description = "callers at once; default ${DEFAULT-VALUE}")
  private List<Integer> connections = List.of();

  @Option(names = "--seconds", defaultValue = "5", description = "of a round; default 5")
  private int seconds;

  @Option(names = "--rounds", defaultValue = "5", description = "of each side; default 5")
  private int rounds;

  @Option(
      names = "--warmup-seconds",
      defaultValue = "20",
      description = "of each side, with the most callers; default 20")
  private int warmupSeconds;

  @Option(
      names = "--corpus",
      description = "utterances in the second column; default: a built-in list")
  private @Nullable Path corpus;

  @Option(
      names = "--at-least",
      description = "target: throughput of the service / of the library is at least this")
  private @Nullable Double atLeast;

  @Option(
      names = "--serve-options",
      split = " ",
      defaultValue = "--no-access-log",
      description = "options of the service; default ${DEFAULT-VALUE}")
  private List<String> serveOptions = List.of();

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ServeLoad()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> texts =
        Utterances.of(corpus, corpus == null ? Utterances.builtIn().size() : MOST_TEXTS);
    int most = connections.stream().mapToInt(i -> i).max().orElseThrow();
    boolean reached = true;
    try (ServiceProcess service = ServiceProcess.start(serveOptions);
        JointSlu slu = JointSlu.bundled()) {
      Load.CallerFactory overHttp = () -> HttpCaller.open(service.port());
      Load.CallerFactory inProcess =
          () ->
              new Load.Caller() {
                @Override
                public void call(String text) {
                  slu.parse(text);
                }

                @Override
                public void close() {}
              };
      Load.run(overHttp, texts, most, Duration.ofSeconds(warmupSeconds));
      Load.run(inProcess, texts, most, Duration.ofSeconds(warmupSeconds));
      System.out.println(
          "| callers | service, answers/s | library, answers/s | ratio | service p50, p99 ms | library p50, p99 ms |");
      System.out.println("|---|---|---|---|---|---|");
      for (int callers : connections) {
        double ratio = compare(callers, texts, overHttp, inProcess);
        reached &= atLeast == null || callers < most || ratio >= atLeast;
      }
    }
    return reached ? 0 : 1;
  }

  /** Prints a line of the table and returns the ratio of throughputs. */
  private double compare(
      int callers, List<String> texts, Load.CallerFactory overHttp, Load.CallerFactory inProcess)
      throws IOException, InterruptedException {
    List<Load.Result> service = new ArrayList<>();
    List<Load.Result> library = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      service.add(Load.run(overHttp, texts, callers, Duration.ofSeconds(seconds)));
      library.add(Load.run(inProcess, texts, callers, Duration.ofSeconds(seconds)));
    }
    double ratio =
        median(service, Load.Result::perSecond) / median(library, Load.Result::perSecond);
    System.out.printf(
        Locale.ROOT,
        "| %d | %.0f | %.0f | %.2f | %.2f, %.2f | %.2f, %.2f |%n",
        callers,
        median(service, Load.Result::perSecond),
        median(library, Load.Result::perSecond),
        ratio,
        median(service, r -> r.millis(0.5)),
        median(service, r -> r.millis(0.99)),
        median(library, r -> r.millis(0.5)),
        median(library, r -> r.millis(0.99)));
    return ratio;
  }

  private static double median(
      List<Load.Result> results, java.util.function.ToDoubleFunction<Load.Result> value) {
    return new Median().evaluate(results.stream().mapToDouble(value).toArray());
  }
}
