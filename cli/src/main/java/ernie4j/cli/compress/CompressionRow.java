package ernie4j.cli.compress;

import ernie4j.engine.file.Model;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model produced during a compression, with its measurements.
 *
 * @param stage the latest stage
 * @param width share of heads and neurons; 1 for all
 * @param file the model file
 * @param bytes the size of the file
 * @param metrics on the development part, by name; the main one is the first
 * @param milliseconds time from text to answer, one example at a time
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

  /** The name of the main metric. */
  String metric() {
    return metrics.keySet().iterator().next();
  }

  /** Distinguishes the files of several widths; empty for the full width. */
  String suffix() {
    return width == 1 ? "" : "-" + width;
  }
}
