package ernie4j.bench.peer;

import ernie4j.engine.RaggedBatch;

/** An encoder ready to run. */
public interface EncoderUnderTest extends AutoCloseable {

  /**
   * Encodes a batch without padding. Only this project's encoder takes sequences of different
   * lengths.
   *
   * @return the hidden states {@code [batch.tokens(), hidden]} from index 0 on; the array may be
   *     longer and is valid until the next call
   */
  float[] forward(RaggedBatch batch);

  @Override
  default void close() {}
}
