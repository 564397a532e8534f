package ernie4j.training.pruning;

/**
 * How to measure the importance of heads and neurons.
 *
 * @param runningSums whether gradients are never cleared, as in the original; the importance is
 *     then a sum of absolute running sums, in which early batches weigh more
 * @param dropout whether dropout is active, as in the original; the result is then partly random
 * @param batchSize examples per batch, at least 1; absolute values are taken batch by batch
 */
public record ImportanceOptions(boolean runningSums, boolean dropout, int batchSize) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the batch size is below 1
   */
  public ImportanceOptions {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "ImportanceOptions: batchSize: expected a number of at least 1, got " + batchSize);
    }
  }

  /**
   * {@return the recommended options: batches of 32, separate gradients of each batch, no dropout}
   */
  public static ImportanceOptions defaults() {
    return new ImportanceOptions(false, false, 32);
  }

  /**
   * The options of the original with its default batch size, quirks included. (It also measures on
   * the dev part, which is then no longer unseen data; here, the training examples of the objective
   * are used.)
   *
   * @return running sums, dropout and batches of 8
   */
  public static ImportanceOptions reference() {
    return new ImportanceOptions(true, true, 8);
  }
}
