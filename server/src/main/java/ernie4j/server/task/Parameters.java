package ernie4j.server.task;

import ernie4j.pipeline.ExtractionSchema;
import org.jspecify.annotations.Nullable;

/**
 * What a request says besides its texts. Only texts with equal parameters are computed together.
 *
 * @param pairs whether all texts are pairs; otherwise none is
 * @param schema what to extract
 * @param threshold how probable an extraction must be; null for what the model says
 * @param best how many answers
 */
public record Parameters(
    boolean pairs, @Nullable ExtractionSchema schema, @Nullable Double threshold, int best) {
  /** For requests that say nothing more. */
  static final Parameters TEXTS = new Parameters(false, null, null, 1);

  /** For requests with pairs that say nothing more. */
  static final Parameters PAIRS = new Parameters(true, null, null, 1);
}
