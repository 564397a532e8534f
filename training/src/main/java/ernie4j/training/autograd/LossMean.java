package ernie4j.training.autograd;

/** What a loss over labelled rows is divided by. */
public enum LossMean {
  /** The rows whose label counts: what one expects, and PyTorch's rule. */
  VALID_ROWS,
  /**
   * All rows, ignored ones counting as zero: what Paddle 2.x does for its default ignored label
   * -100 in token classification and masked language models.
   */
  ALL_ROWS
}
