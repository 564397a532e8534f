package ernie4j.cli.compress;

import ernie4j.engine.file.Model;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model on its way through a compression, with its measurements.
 *
 * @param stage what was done last
 * @param width share of heads and neurons, 1 for all
 * @param file where it is
 * @param bytes the size of the file
 * @param metrics on the development part, by name; the one that counts is the first
 * @param milliseconds from text to answer, one example at a time
 */
record CompressionRow(
    String stage,
    double width,
    Path file,
    Model model,
    long bytes,
    Map<String, Double> metrics,
    double milliseconds) {
  double metric(String name) {
    return metrics.getOrDefault(name, Double.NaN);
  }

  /** The name of the metric that counts. */
  String metric() {
    return metrics.keySet().iterator().next();
  }

  /** What tells apart the files of several widths: empty for the whole width. */
  String suffix() {
    return width == 1 ? "" : "-" + width;
  }
}
