package ernie4j.bench.jmh;

import ernie4j.bench.peer.EncoderEngine;
import ernie4j.bench.report.MarkdownTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the encoder's forward pass in all sizes: time and allocated bytes. */
@Command(
    name = "forward",
    mixinStandardHelpOptions = true,
    description = "Measures time and allocated bytes of the forward pass.")
public final class ForwardReport implements Callable<Integer> {
  private static final String PROFILED = "gc.alloc.rate.norm";

  @Option(names = "--engine", defaultValue = "ERNIE4J", description = "${COMPLETION-CANDIDATES}")
  private EncoderEngine engine;

  @Option(
      names = "--size",
      split = ",",
      defaultValue = "pico,nano,micro,mini,medium,base",
      description = "architectures, or bge-small-zh; default all six")
  private List<String> sizes;

  @Option(names = "--batch", split = ",", defaultValue = "1,32", description = "default 1,32")
  private List<String> batches;

  @Option(
      names = "--length",
      split = ",",
      defaultValue = "16,32,128,512",
      description = "tokens of a sequence; default 16,32,128,512")
  private List<String> lengths;

  @Option(names = "--threads", split = ",", defaultValue = "1,2", description = "default 1,2")
  private List<String> threads;

  @Option(names = "--csv", description = "write the table to this file")
  private Path csv;

  @Mixin private JmhOptions jmh = new JmhOptions();

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ForwardReport()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    ChainedOptionsBuilder options =
        jmh.builder()
            .include("\\.ForwardTime\\.")
            .addProfiler(GCProfiler.class)
            .param("engine", engine.name())
            .param("size", sizes.toArray(String[]::new))
            .param("batch", batches.toArray(String[]::new))
            .param("length", lengths.toArray(String[]::new))
            .param("threads", threads.toArray(String[]::new));
    MarkdownTable table =
        new MarkdownTable(
            List.of(
                "model",
                "batch",
                "tokens",
                "threads",
                "ms/call",
                "± %",
                "tokens/s",
                "B/call",
                "profiled"));
    List<String> lines = new ArrayList<>();
    lines.add(
        "model,batch,tokens,threads,ms per call,ms error,bytes per call,profiled bytes per call");
    for (RunResult run : JmhOptions.run(options)) {
      table.add(row(run));
      lines.add(line(run));
    }
    System.out.println();
    System.out.println(table);
    if (csv != null) {
      Files.write(csv, lines);
    }
    return 0;
  }

  private static List<String> row(RunResult run) {
    BenchmarkParams params = run.getParams();
    double milliseconds = run.getPrimaryResult().getScore();
    double tokens =
        Double.parseDouble(params.getParam("batch"))
            * Double.parseDouble(params.getParam("length"));
    return List.of(
        params.getParam("size"),
        params.getParam("batch"),
        params.getParam("length"),
        params.getParam("threads"),
        format("%.3f", milliseconds),
        format("%.1f", 100 * run.getPrimaryResult().getScoreError() / milliseconds),
        format("%.0f", 1000 * tokens / milliseconds),
        format("%.3f", bytes(run)),
        format("%.1f", secondary(run, PROFILED)));
  }

  private static String line(RunResult run) {
    BenchmarkParams params = run.getParams();
    return "%s,%s,%s,%s,%s,%s,%s,%s"
        .formatted(
            params.getParam("size"),
            params.getParam("batch"),
            params.getParam("length"),
            params.getParam("threads"),
            run.getPrimaryResult().getScore(),
            run.getPrimaryResult().getScoreError(),
            bytes(run),
            secondary(run, PROFILED));
  }

  /** Bytes a call in the calling thread, counted around each call. */
  private static double bytes(RunResult run) {
    return secondary(run, "bytes") / secondary(run, "calls");
  }

  private static double secondary(RunResult run, String name) {
    Result<?> result = run.getSecondaryResults().get(name);
    if (result == null) {
      throw new IllegalStateException(
          "forward: JMH gave no '%s', only %s".formatted(name, run.getSecondaryResults().keySet()));
    }
    return result.getScore();
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
