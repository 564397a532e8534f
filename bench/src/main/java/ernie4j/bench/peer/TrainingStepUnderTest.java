package ernie4j.bench.peer;

/** A joint intent and slot model with its optimizer. */
public interface TrainingStepUnderTest extends AutoCloseable {

  /**
   * One whole step: forward with dropout, backward, clipping by the global norm, AdamW.
   *
   * @param ids [batch][length], padded with id 0
   * @param intents [batch]
   * @param slots [batch][length], 0 where the loss does not look
   * @return the loss before the step: mean intent cross entropy plus the mean slot cross entropy
   *     over the labels other than 0
   */
  float step(int[][] ids, int[] intents, int[][] slots);

  @Override
  default void close() {}
}
