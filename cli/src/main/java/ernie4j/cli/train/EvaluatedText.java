package ernie4j.cli.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.report.Json;
import ernie4j.cli.report.ProgressPrinter;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.metrics.Reliability;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An evaluation as lines, or as a JSON object. */
final class EvaluatedText {
  /** Percent of the answers that are given. */
  private static final double COVERAGE = 90;

  private EvaluatedText() {}

  /**
   * Prints metrics with the number of examples that they were measured on.
   *
   * @param heldOut how the examples relate to those that were learned from, with their number
   * @param name of the examples
   */
  static void print(
      PrintWriter out,
      Optional<String> heldOut,
      String name,
      int examples,
      Map<String, Double> metrics) {
    String said = heldOut.orElse(String.format(Locale.ROOT, "%,d %s", examples, name));
    out.printf("%s: %s%n", said, ProgressPrinter.metrics(metrics));
  }

  /** Prints the metrics of parts and of single labels. */
  static void printDetails(PrintWriter out, Evaluated result) {
    result
        .parts()
        .forEach(
            (name, part) ->
                out.printf(
                    Locale.ROOT,
                    "  %s: %s  (%,d)%n",
                    name,
                    ProgressPrinter.metrics(part.metrics()),
                    part.examples()));
    result.labels().forEach((label, measures) -> print(out, label, measures));
  }

  /**
   * Prints whether the model is as sure as it is right, if it says how sure it is.
   *
   * @param least the confidence below which it refuses; 0 for none
   */
  static void printReliability(PrintWriter out, Evaluated result, double least) {
    result
        .reliability()
        .ifPresent(
            reliability -> {
              Reliability.Point surest = reliability.at(COVERAGE);
              out.printf(
                  Locale.ROOT,
                  "  expected calibration error %.2f %%; of the surest %.0f %% of the answers (confidence from %.3f) %.2f %% are right%n",
                  reliability.calibrationError(),
                  surest.coverage(),
                  surest.confidence(),
                  surest.precision());
              if (least > 0) {
                out.println("  " + refused(least, reliability));
              }
            });
  }

  /** What refusing answers below a confidence means. */
  static String refused(double least, Reliability reliability) {
    Reliability.Point given = reliability.from(least);
    return String.format(
        Locale.ROOT,
        "refused below a confidence of %.3f: %.1f %%; of the other answers %.2f %% are right",
        least,
        100 - given.coverage(),
        given.precision());
  }

  private static void print(PrintWriter out, String label, Evaluated.Measures measures) {
    out.printf(
        Locale.ROOT,
        "  %s: f1 %.2f  precision %.2f  recall %.2f  (%,d expected, %,d predicted)%n",
        label,
        measures.f1(),
        measures.precision(),
        measures.recall(),
        measures.expected(),
        measures.predicted());
  }

  static ObjectNode json(Optional<String> heldOut, int examples, Evaluated result, double least) {
    ObjectNode object = Json.object();
    object.put("examples", examples);
    heldOut.ifPresent(said -> object.put("held_out", said));
    result.metrics().forEach(object::put);
    result
        .reliability()
        .ifPresent(
            reliability -> {
              ObjectNode calibration = object.putObject("calibration");
              calibration.put("expected_calibration_error", reliability.calibrationError());
              put(calibration.putObject("surest_90_percent"), reliability.at(COVERAGE));
              if (least > 0) {
                put(calibration.putObject("not_refused"), reliability.from(least));
              }
            });
    if (!result.parts().isEmpty()) {
      ObjectNode parts = object.putObject("parts");
      result.parts().forEach((name, part) -> put(parts.putObject(name), part));
    }
    if (!result.labels().isEmpty()) {
      ObjectNode labels = object.putObject("labels");
      result.labels().forEach((label, measures) -> put(labels.putObject(label), measures));
    }
    return object;
  }

  private static void put(ObjectNode object, Reliability.Point point) {
    object.put("coverage", point.coverage());
    object.put("precision", point.precision());
    object.put("confidence", point.confidence());
  }

  private static void put(ObjectNode object, Evaluated.Part part) {
    object.put("examples", part.examples());
    part.metrics().forEach(object::put);
  }

  private static void put(ObjectNode object, Evaluated.Measures measures) {
    object.put("f1", measures.f1());
    object.put("precision", measures.precision());
    object.put("recall", measures.recall());
    object.put("expected", measures.expected());
    object.put("predicted", measures.predicted());
  }
}
