package ernie4j.bench.process;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.onnx.BertOnnxGraph;
import ernie4j.bench.peer.EncoderEngine;
import ernie4j.bench.peer.OutputCheck;
import ernie4j.bench.report.Comparison;
import ernie4j.bench.report.ReportOptions;
import ernie4j.bench.report.Round;
import ernie4j.engine.file.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
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

/** Compares the memory of two processes, each with an encoder that it loaded from a file. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    description =
        "Compares the memory of whole processes, ours and ONNX Runtime in Java, or both"
            + " number formats of one.")
public final class Memory implements Callable<Integer> {
  @Option(
      names = "--size",
      split = ",",
      defaultValue = "nano,bge-small-zh",
      description = "architectures with random weights, or bge-small-zh; default ${DEFAULT-VALUE}")
  private List<String> sizes = List.of();

  @Option(
      names = "--ours",
      defaultValue = "ERNIE4J",
      description = "ERNIE4J, ERNIE4J_INT8, ONNXRUNTIME or ONNXRUNTIME_INT8; default ERNIE4J")
  private EncoderEngine ours = EncoderEngine.ERNIE4J;

  @Option(names = "--peer", defaultValue = "ONNXRUNTIME", description = "default ONNXRUNTIME")
  private EncoderEngine peer = EncoderEngine.ONNXRUNTIME;

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
      Path ourFile = write(ours, model, files);
      Path peerFile = write(peer, model, files);
      for (int fork = 1; fork <= forks; fork++) {
        System.err.printf("fork %d of %d: memory of %s%n", fork, forks, size);
        ChildJvm.Answer a = ask(ourFile, model);
        ChildJvm.Answer b = ask(peerFile, model);
        OutputCheck.of(ours, peer).require(first(a), first(b), 1, model.config().hiddenSize());
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
                new Comparison(size + ", " + state, "MiB", ours.name(), peer.name(), values)));
    return comparisons;
  }

  /** Writes the file from which an engine loads the model. */
  private static Path write(EncoderEngine engine, BenchmarkModel model, RunFiles files)
      throws IOException {
    Path ernie = files.file(engine + ".ernie");
    Path onnx = files.file(engine + ".onnx");
    switch (engine) {
      case ERNIE4J -> ModelFile.write(ernie, model.toModel());
      case ERNIE4J_INT8 -> ModelFile.write(ernie, model.int8().toModel());
      case ONNXRUNTIME -> BertOnnxGraph.fused(model.config(), model.parameters()).write(onnx);
      case ONNXRUNTIME_INT8 -> BertOnnxGraph.int8(model.config(), model.parameters()).write(onnx);
      default ->
          throw new IllegalArgumentException(
              "memory: %s loads no file; expected ERNIE4J, ERNIE4J_INT8, ONNXRUNTIME or ONNXRUNTIME_INT8"
                  .formatted(engine));
    }
    return Files.exists(ernie) ? ernie : onnx;
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

  /** The hidden states of the first token. */
  private static float[] first(ChildJvm.Answer answer) throws IOException {
    String[] values = answer.text("first").split(" ", -1);
    float[] hidden = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      hidden[i] = Float.parseFloat(values[i]);
    }
    return hidden;
  }
}
