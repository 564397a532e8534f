package ernie4j.bench.process;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.onnx.BertOnnxGraph;
import ernie4j.bench.report.Comparison;
import ernie4j.bench.report.ReportOptions;
import ernie4j.bench.report.Round;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the memory of a process with our encoder with that of one with ONNX Runtime's. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    description = "Compares the memory of whole processes, ours and ONNX Runtime in Java.")
public final class Memory implements Callable<Integer> {
  private static final double TOLERANCE = 2e-5;

  @Option(
      names = "--size",
      split = ",",
      defaultValue = "nano,bge-small-zh",
      description = "architectures with random weights, or bge-small-zh; default ${DEFAULT-VALUE}")
  private List<String> sizes = List.of();

  @Option(names = "--length", defaultValue = "32", description = "tokens of a call; default 32")
  private int length;

  @Option(names = "--forks", defaultValue = "5", description = "processes of each; default 5")
  private int forks;

  @Option(names = "--java-option", description = "another JVM option of both, may be repeated")
  private List<String> javaOptions = List.of();

  @Mixin private ReportOptions report = new ReportOptions();

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Memory()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<Comparison> comparisons = new ArrayList<>();
    for (String size : sizes) {
      comparisons.addAll(compare(size));
    }
    report.report(comparisons);
    return 0;
  }

  private List<Comparison> compare(String size) throws IOException, InterruptedException {
    BenchmarkModel model = BenchmarkModel.named(size);
    Map<String, List<List<Round>>> rounds = new LinkedHashMap<>();
    try (RunFiles files = new RunFiles()) {
      Path ours = files.file("model.ernie");
      Path peer = files.file("model.onnx");
      ModelFile.write(ours, Model.encoder(model.config(), model.parameters()));
      BertOnnxGraph.fused(model.config(), model.parameters()).write(peer);
      for (int fork = 1; fork <= forks; fork++) {
        System.err.printf("fork %d of %d: memory of %s%n", fork, forks, size);
        ChildJvm.Answer a = ask(ours, model);
        ChildJvm.Answer b = ask(peer, model);
        requireSame(a.number("first"), b.number("first"));
        for (String state : List.of("loaded", "warm", "peak")) {
          rounds
              .computeIfAbsent(state, key -> new ArrayList<>())
              .add(List.of(new Round(a.number(state), b.number(state))));
        }
      }
    }
    List<Comparison> comparisons = new ArrayList<>();
    rounds.forEach(
        (state, values) ->
            comparisons.add(
                new Comparison(size + ", " + state, "MiB", "ERNIE4J", "ONNXRUNTIME", values)));
    return comparisons;
  }

  private ChildJvm.Answer ask(Path file, BenchmarkModel model)
      throws IOException, InterruptedException {
    return ChildJvm.ask(
        ChildJvm.of(
            javaOptions,
            MemoryProbe.class,
            List.of(
                file.toString(),
                Integer.toString(model.config().hiddenSize()),
                Integer.toString(model.config().vocabularySize()),
                Integer.toString(length))));
  }

  private static void requireSame(double ours, double peer) {
    if (!(Math.abs(ours - peer) <= TOLERANCE)) {
      throw new IllegalStateException(
          "The two sides do not compute the same: the first hidden value is %s here and %s there; no memory is reported"
              .formatted(ours, peer));
    }
  }
}
