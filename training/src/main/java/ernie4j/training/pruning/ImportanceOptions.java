package ernie4j.training.pruning;

/**
 * How to measure the importance of heads and neurons.
 *
 * @param runningSums never clear the gradients, as the original: the importance then is the sum of
 *     absolute running sums, in which early batches weigh more
 * @param dropout with dropout, as the original: the result then is partly random
 * @param batchSize examples per batch; absolute values are taken batch by batch
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
          "ImportanceOptions: batchSize: expected a number from 1 on, got " + batchSize);
    }
  }

  /** Batches of 32, gradients of each batch alone, no dropout. */
  public static ImportanceOptions defaults() {
    return new ImportanceOptions(false, false, 32);
  }

  /**
   * As the original with its default batch size, quirks included. (It also measures on the dev
   * part, which then no longer is unseen data; here the training examples of the objective count.)
   */
  public static ImportanceOptions reference() {
    return new ImportanceOptions(true, true, 8);
  }
}
