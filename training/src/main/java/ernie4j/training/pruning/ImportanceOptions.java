package ernie4j.training.pruning;

/**
 * How to measure the importance of heads and neurons.
 *
 * @param runningSums whether gradients are never cleared, as in the original; the importance is
 *     then a sum of absolute running sums, in which early batches weigh more
 * @param dropout whether dropout is active, as in the original; the result is then partly random
 * @param batchSize examples per batch, at least 1; absolute values are taken batch by batch
 * @param examples the most labelled examples to measure on, at least 1; if there are more, these
 *     are chosen at random
 */
public record ImportanceOptions(boolean runningSums, boolean dropout, int batchSize, int examples) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the batch size or the number of examples is below 1
   */
  public ImportanceOptions {
    requirePositive("batchSize", batchSize);
    requirePositive("examples", examples);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "ImportanceOptions: %s: expected a number of at least 1, got %d".formatted(name, value));
    }
  }

  /**
   * {@return the recommended options: batches of 32, separate gradients of each batch, no dropout,
   * all examples}
   */
  public static ImportanceOptions defaults() {
    return new ImportanceOptions(false, false, 32, Integer.MAX_VALUE);
  }

  /**
   * The options of the original with its default batch size, quirks included. (It also measures on
   * the dev part, which is then no longer unseen data; here, the training examples of the objective
   * are used.)
   *
   * @return running sums, dropout, batches of 8, all examples
   */
  public static ImportanceOptions reference() {
    return new ImportanceOptions(true, true, 8, Integer.MAX_VALUE);
  }

  /**
   * The same, measured on fewer examples. The measurement costs as much as an epoch of fine-tuning
   * on them.
   *
   * @param most the most examples, at least 1
   * @return the new options
   * @throws IllegalArgumentException if it is below 1
   */
  public ImportanceOptions withExamples(int most) {
    return new ImportanceOptions(runningSums, dropout, batchSize, most);
  }
}
