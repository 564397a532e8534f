package ernie4j.training.autograd;

/** The divisor of a loss over labelled rows. */
public enum LossMean {
  /** The number of rows whose label counts, as one would expect and as in PyTorch. */
  VALID_ROWS,
  /**
   * The number of all rows; the loss of ignored ones is zero. Paddle 2.x does this for its default
   * ignored label -100 in token classification and masked language models.
   */
  ALL_ROWS
}
