package ernie4j.pipeline;

import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.tokenizer.Tokenizer;
import java.time.Duration;

/**
 * What all pipelines have in common: how they compute. A pipeline may be shared between threads. A
 * call with many texts is computed in passes of bounded size, each of which waits its turn if
 * others compute.
 *
 * <p>Methods that begin with {@code with} give another pipeline over the same weights. It shares
 * workspaces and threads with the first one, and they are closed together; only that of {@link
 * #withExecution} has its own.
 */
public abstract class Pipeline implements AutoCloseable {
  final TextEncoder texts;

  Pipeline(TextEncoder texts) {
    this.texts = texts;
  }

  /**
   * This pipeline over the same weights with other threads and limits; at first they are {@link
   * ExecutionOptions#defaults}. It is closed on its own.
   */
  public abstract Pipeline withExecution(ExecutionOptions options);

  /** What makes the tokens that this pipeline reads. */
  public Tokenizer tokenizer() {
    return texts.tokenizer();
  }

  /**
   * Gets this pipeline to full speed before its first text, see {@link Encoder#warmUp}.
   *
   * @param limit how long this may take at most
   * @return true if it is at full speed, false if the time was over before
   * @throws IllegalStateException if it was closed
   */
  public boolean warmUp(Duration limit) {
    return texts.encoder().warmUp(limit);
  }

  /**
   * Releases scratch and the threads that belong to this pipeline. Passes that run come to their
   * end; calls that need another one, or come later, are {@link IllegalStateException}s. Closing is
   * a choice: a pipeline that nobody uses any more goes without it.
   */
  @Override
  public void close() {
    texts.encoder().close();
  }
}
