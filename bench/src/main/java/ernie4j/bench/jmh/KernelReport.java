package ernie4j.bench.jmh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the kernels and this machine's peak in one run and compares them. */
@Command(
    name = "kernels",
    mixinStandardHelpOptions = true,
    description = "Measures every kernel and what share of the machine's peak it reaches.")
public final class KernelReport implements Callable<Integer> {
  private static final double NOTABLE_DRIFT = 0.05;

  @Option(
      names = "--kernel",
      split = ",",
      defaultValue = "gemm,gemmInt8,dx,dxPacked,dw,dwPacked,gelu,softmax,layerNorm,attention",
      description = "which kernels; default ${DEFAULT-VALUE}")
  private List<String> kernels = List.of();

  @Option(
      names = "--provider",
      split = ",",
      defaultValue = "VECTOR,SCALAR",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
  private List<KernelProvider> providers = List.of();

  @Option(
      names = "--shape",
      split = ",",
      description = "shapes of the products, such as 16x312x1248; default: all of interest")
  private List<String> shapes = List.of();

  @Option(names = "--csv", description = "write the table to this file")
  private Path csv;

  @Mixin private JmhOptions jmh = new JmhOptions();

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new KernelReport()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    double before = peak();
    List<KernelResult> results = new ArrayList<>();
    for (RunResult run : JmhOptions.run(kernelOptions())) {
      results.add(
          KernelResult.of(
              run.getParams().getBenchmark(),
              run.getParams()::getParam,
              run.getPrimaryResult().getScore(),
              run.getPrimaryResult().getScoreError()));
    }
    double after = peak();
    double peak = Math.max(before, after);
    System.out.printf(
        "%npeak of one core: %.1f GFLOP/s before, %.1f after; the higher one counts%n",
        before, after);
    if (Math.abs(before - after) > NOTABLE_DRIFT * peak) {
      System.out.println(
          "The machine did not run evenly, so shares of the peak are off by as much; repeat.");
    }
    KernelTable table = new KernelTable(results, peak);
    System.out.println(table.markdown());
    if (csv != null) {
      Files.write(csv, table.csv());
    }
    return 0;
  }

  private double peak() throws RunnerException {
    Collection<RunResult> runs = JmhOptions.run(jmh.builder().include("\\.FmaPeak\\.fma$"));
    if (runs.isEmpty()) {
      throw new IllegalStateException(
          "kernels: the peak could not be measured; JMH's output above says why");
    }
    return FmaPeak.flopsPerCall() / runs.iterator().next().getPrimaryResult().getScore();
  }

  private ChainedOptionsBuilder kernelOptions() {
    ChainedOptionsBuilder options = jmh.builder();
    for (String kernel : kernels) {
      options.include("\\.(GemmTime|BackpropTime|RowTime|AttentionTime)\\." + kernel + "$");
    }
    options.param("provider", providers.stream().map(KernelProvider::name).toArray(String[]::new));
    if (!shapes.isEmpty()) {
      shapes.forEach(Product::of);
      options.param("shape", shapes.toArray(String[]::new));
    }
    return options;
  }
}
