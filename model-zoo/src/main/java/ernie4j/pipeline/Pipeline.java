package ernie4j.pipeline;

import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.tokenizer.Tokenizer;
import java.time.Duration;

/**
 * What all pipelines have in common: how they compute. A pipeline may be shared between threads. A
 * call with many texts is computed in passes of bounded size; each pass waits its turn while others
 * compute.
 *
 * <p>A method whose name begins with {@code with} returns another pipeline over the same weights.
 * It shares workspaces and threads with the first one, and closing one closes both. Only the
 * pipeline of {@link #withExecution} has its own and is closed on its own.
 */
public abstract class Pipeline implements AutoCloseable {
  final TextEncoder texts;

  Pipeline(TextEncoder texts) {
    this.texts = texts;
  }

  /**
   * Returns this pipeline over the same weights with other threads and limits. It is closed on its
   * own.
   *
   * @param options the threads and limits; those of a new pipeline are {@link
   *     ExecutionOptions#defaults}
   * @return the new pipeline
   */
  public abstract Pipeline withExecution(ExecutionOptions options);

  /** {@return the tokenizer that makes the tokens that this pipeline reads} */
  public Tokenizer tokenizer() {
    return texts.tokenizer();
  }

  /**
   * Brings this pipeline to full speed before its first text; see {@link Encoder#warmUp}.
   *
   * @param limit the most time that this may take
   * @return true if the pipeline is at full speed, false if the time ran out first
   * @throws IllegalStateException if the pipeline was closed
   */
  public boolean warmUp(Duration limit) {
    return texts.encoder().warmUp(limit);
  }

  /**
   * Releases the scratch memory and the threads of this pipeline. Passes that already run are
   * completed; calls that need another pass, or come later, throw {@link IllegalStateException}.
   * Closing is optional: a pipeline that is no longer referenced is released anyway.
   */
  @Override
  public void close() {
    texts.encoder().close();
  }
}
