package ernie4j.bench.process;

import ernie4j.bench.peer.OnnxRuntimeSlu;
import ernie4j.bench.report.Comparison;
import ernie4j.bench.report.ReportOptions;
import ernie4j.bench.report.Round;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.pipeline.JointSlu;
import ernie4j.quant.ModelQuantizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Compares how soon a fresh process answers and is at full speed: JointSlu on a model file, and
 * Hugging Face's tokenizer with ONNX Runtime on the same model. The launcher is measured too.
 */
@Command(
    name = "startup",
    mixinStandardHelpOptions = true,
    description = "Compares the start of whole processes, ours and ONNX Runtime in Java.")
public final class StartUp implements Callable<Integer> {
  private static final String OURS = "ERNIE4J";
  private static final String PEER = "ONNXRUNTIME";
  private static final double TOLERANCE = 1e-3;

  @Option(names = "--model", description = "a model for intents and slots; default the bundled one")
  private @Nullable Path model;

  @Option(names = "--text", defaultValue = "来一首周华健的花心", description = "what to understand")
  private String text = "";

  @Option(names = "--forks", defaultValue = "7", description = "processes of each; default 7")
  private int forks;

  @Option(
      names = "--seconds",
      defaultValue = "4",
      description = "how long a process lives; default 4")
  private double seconds;

  @Option(names = "--java-option", description = "another JVM option of both, may be repeated")
  private List<String> javaOptions = List.of();

  @Mixin private ReportOptions report = new ReportOptions();

  private final Map<String, List<List<Round>>> rounds = new LinkedHashMap<>();

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StartUp()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    try (RunFiles files = new RunFiles()) {
      Model source = model == null ? JointSlu.bundledModel() : ModelFile.read(model);
      Path ours = files.file("model.ernie");
      ModelFile.write(ours, source);
      OnnxRuntimeSlu.write(files.folder(), ModelQuantizer.dequantize(source));
      launcherMilliseconds(); // builds if it must
      for (int fork = 1; fork <= forks; fork++) {
        System.err.printf("fork %d of %d: start-up%n", fork, forks);
        measure(ours, files.folder());
      }
    }
    List<Comparison> comparisons = new ArrayList<>();
    compare(comparisons, "first answer", "ms", OURS);
    compare(comparisons, "first answer of ./ernie4j", "ms", "LAUNCHER");
    compare(comparisons, "steady after", "ms", OURS);
    compare(comparisons, "first steady call", "th", OURS);
    compare(comparisons, "steady call", "ms", OURS);
    report.report(comparisons);
    return 0;
  }

  private void compare(List<Comparison> to, String title, String unit, String ours) {
    List<List<Round>> values = rounds.getOrDefault(title, List.of());
    to.add(new Comparison(title, unit, ours, PEER, values));
  }

  private void measure(Path ours, Path peer) throws IOException, InterruptedException {
    ChildJvm.Answer a = ask(ours);
    ChildJvm.Answer b = ask(peer);
    requireSame(a, b);
    add("first answer", a.number("first"), b.number("first"));
    add("first answer of ./ernie4j", launcherMilliseconds(), b.number("first"));
    add("steady after", a.number("steady"), b.number("steady"));
    add("first steady call", a.number("steadyCall"), b.number("steadyCall"));
    add("steady call", a.number("best"), b.number("best"));
  }

  private void add(String title, double ours, double peer) {
    rounds.computeIfAbsent(title, key -> new ArrayList<>()).add(List.of(new Round(ours, peer)));
  }

  private ChildJvm.Answer ask(Path source) throws IOException, InterruptedException {
    return ChildJvm.ask(
        ChildJvm.of(
            javaOptions,
            StartUpProbe.class,
            List.of(
                source.toString(),
                text,
                Instant.now().toString(),
                Double.toString(1000 * seconds))));
  }

  static void requireSame(ChildJvm.Answer ours, ChildJvm.Answer peer) throws IOException {
    boolean same =
        ours.text("answer").equals(peer.text("answer"))
            && Math.abs(ours.number("confidence") - peer.number("confidence")) <= TOLERANCE;
    if (!same) {
      throw new IllegalStateException(
          "The two sides do not answer the same: %s here and %s there; no times are reported"
              .formatted(ours.values(), peer.values()));
    }
  }

  /** From the start of the launcher to its first line; its default is the bundled model, too. */
  private double launcherMilliseconds() throws IOException, InterruptedException {
    Path launcher =
        Path.of(Objects.requireNonNull(System.getProperty("ernie4j.root"), "-Dernie4j.root"))
            .resolve("ernie4j");
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "parse"));
    if (model != null) {
      command.addAll(List.of("--model", model.toString()));
    }
    command.add(text);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("ERNIE4J_JAVA_HOME", System.getProperty("java.home"));
    long start = System.nanoTime();
    Process process = builder.start();
    try (BufferedReader reader = process.inputReader()) {
      String first = reader.readLine();
      double milliseconds = (System.nanoTime() - start) / 1e6;
      while (reader.readLine() != null) {
        // the rest of the answer
      }
      int exit = process.waitFor();
      if (first == null || exit != 0) {
        throw new IOException(
            "startup: %s ended with exit code %d; its output above says why"
                .formatted(launcher, exit));
      }
      return milliseconds;
    }
  }
}
