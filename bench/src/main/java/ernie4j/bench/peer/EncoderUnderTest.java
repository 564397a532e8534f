package ernie4j.bench.peer;

/** An encoder ready to run, on one thread. */
public interface EncoderUnderTest extends AutoCloseable {

  /**
   * Encodes one sequence without padding.
   *
   * @return the hidden states {@code [ids.length, hidden]} from index 0 on; the array may be longer
   *     and is valid until the next call
   */
  float[] forward(int[] ids);

  @Override
  default void close() {}
}
