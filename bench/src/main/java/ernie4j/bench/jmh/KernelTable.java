package ernie4j.bench.jmh;

import ernie4j.bench.report.MarkdownTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Kernels against the peak of the machine.
 *
 * @param results one row each
 * @param peak GFLOP/s of the multiply-add loop
 */
record KernelTable(List<KernelResult> results, double peak) {
  String markdown() {
    MarkdownTable table =
        new MarkdownTable(
            List.of(
                "kernel",
                "shape",
                "provider",
                "µs/call",
                "± %",
                "GFLOP/s",
                "% of peak",
                "GMAC/s",
                "x fp32",
                "ns/element"));
    for (KernelResult result : results) {
      table.add(
          List.of(
              result.kernel(),
              result.shape(),
              result.provider(),
              format("%.2f", result.nanoseconds() / 1000),
              cell("%.1f", result.errorPercent()),
              cell("%.1f", result.rate()),
              cell("%.1f", percent(result)),
              cell("%.1f", result.multiplyAddRate()),
              cell("%.2f", result.timesFloat(results)),
              cell("%.3f", result.nanosecondsPerElement())));
    }
    return table.toString();
  }

  private OptionalDouble percent(KernelResult result) {
    return result.rate().isPresent()
        ? OptionalDouble.of(100 * result.rate().getAsDouble() / peak)
        : OptionalDouble.empty();
  }

  List<String> csv() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "kernel,shape,provider,ns per call,ns error,GFLOP/s,percent of peak,ns per element,"
            + "GMAC/s,times fp32");
    for (KernelResult result : results) {
      lines.add(
          String.join(
              ",",
              result.kernel(),
              '"' + result.shape() + '"',
              result.provider(),
              Double.toString(result.nanoseconds()),
              Double.toString(result.error()),
              cell("%s", result.rate()),
              cell("%s", percent(result)),
              cell("%s", result.nanosecondsPerElement()),
              cell("%s", result.multiplyAddRate()),
              cell("%s", result.timesFloat(results))));
    }
    return lines;
  }

  private static String cell(String pattern, OptionalDouble value) {
    return value.isPresent() ? format(pattern, value.getAsDouble()) : "";
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
