package ernie4j.bench.peer;

import ernie4j.bench.input.JointBatch;
import ernie4j.engine.ParameterStore;

/** A joint intent and slot model with its optimizer. */
public interface TrainingStepUnderTest extends AutoCloseable {

  /**
   * One whole step: forward with dropout, backward, clipping by the global norm, AdamW.
   *
   * @return the loss before the step: mean intent cross entropy plus the mean slot cross entropy
   *     over the labels other than 0
   */
  float step(JointBatch batch);

  /** A copy of the parameters as they are now, under their Paddle names. */
  ParameterStore parameters();

  @Override
  default void close() {}
}
