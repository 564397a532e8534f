package ernie4j.training.autograd;

/** The divisor of a loss over labelled rows. */
public enum LossMean {
  /** The number of rows whose label counts, which is what one expects, and PyTorch's rule. */
  VALID_ROWS,
  /**
   * The number of all rows, where ignored ones count as zero. Paddle 2.x does this for its default
   * ignored label -100 in token classification and masked language models.
   */
  ALL_ROWS
}
