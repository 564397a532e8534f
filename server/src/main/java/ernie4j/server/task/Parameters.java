package ernie4j.server.task;

import ernie4j.pipeline.ExtractionSchema;
import org.jspecify.annotations.Nullable;

/**
 * The options of a request. Only texts with equal options are computed together.
 *
 * @param pairs whether all texts are pairs; otherwise, none is
 * @param schema what to extract; null for other tasks
 * @param threshold the lowest probability of an extraction; null for the default of the model
 * @param best the number of answers
 */
public record Parameters(
    boolean pairs, @Nullable ExtractionSchema schema, @Nullable Double threshold, int best) {
  /** No options, for single texts. */
  static final Parameters TEXTS = new Parameters(false, null, null, 1);

  /** No options, for pairs. */
  static final Parameters PAIRS = new Parameters(true, null, null, 1);
}
