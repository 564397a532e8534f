package ernie4j.engine.encoder;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Whose threads an encoder or a pipeline computes with, and how much it computes at once. Nothing
 * here changes a result by a bit.
 *
 * <pre>{@code
 * JointSlu slu = JointSlu.bundled()
 *     .withExecution(ExecutionOptions.defaults().withThreads(1).withMaxPasses(4));
 * }</pre>
 *
 * <p>A pass is one run of the encoder over a batch. Its scratch takes, per token, four bytes for
 * each value of two hidden states, four attention widths and one intermediate state: 20 KB for
 * bge-small-zh, 30 KB for an encoder of BERT's base size. So the limits bound memory. Callers over
 * a limit wait their turn, in the order in which they came.
 */
public final class ExecutionOptions {
  /** More tokens for each thread make a pass no faster, only its scratch larger. */
  private static final int TOKENS_PER_THREAD = 256;

  private static final int LEAST_PASS_TOKENS = 512;
  private static final int MOST_PASS_TOKENS = 2048;
  private static final int LEAST_TOKENS_AT_ONCE = 4096;

  private final int threads;

  /** Null for threads of the encoder's own. */
  private final @Nullable Executor executor;

  private final int maxPasses;
  private final int maxTokens;

  private ExecutionOptions(int threads, @Nullable Executor executor, int maxPasses, int maxTokens) {
    this.threads = atLeastOne("threads", threads);
    this.executor = executor;
    this.maxPasses = atLeastOne("passes at once", maxPasses);
    this.maxTokens = atLeastOne("tokens at once", maxTokens);
  }

  private static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          String.format("ExecutionOptions: %s: expected at least 1, got %d", name, value));
    }
    return value;
  }

  /**
   * The common pool, as many threads for a pass as there are processors, and 256 tokens at once for
   * each processor, but at least 4,096. The number of passes is not limited: a caller of a short
   * text computes at once in its own thread, which costs less than waiting and being woken.
   */
  public static ExecutionOptions defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new ExecutionOptions(
        processors,
        ForkJoinPool.commonPool(),
        Integer.MAX_VALUE,
        Math.max(LEAST_TOKENS_AT_ONCE, TOKENS_PER_THREAD * processors));
  }

  /**
   * These options with passes that are computed by at most so many threads, the caller's included;
   * with 1, every caller computes in its own thread only.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public ExecutionOptions withThreads(int most) {
    return new ExecutionOptions(most, executor, maxPasses, maxTokens);
  }

  /**
   * These options with helpers that an executor of the caller lends. It is never shut down here,
   * and may refuse: the caller of a pass then computes alone.
   */
  public ExecutionOptions withExecutor(Executor lender) {
    return new ExecutionOptions(threads, lender, maxPasses, maxTokens);
  }

  /**
   * These options with daemon threads that belong to the encoder or pipeline, one fewer than {@link
   * #withThreads} says. They start when they are needed, and end when it is closed or had nothing
   * to do for a while.
   */
  public ExecutionOptions withOwnThreads() {
    return new ExecutionOptions(threads, null, maxPasses, maxTokens);
  }

  /**
   * These options with at most so many passes at once. A workspace counts at least 64 tokens, so
   * the limit of tokens bounds their number, too.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public ExecutionOptions withMaxPasses(int most) {
    return new ExecutionOptions(threads, executor, most, maxTokens);
  }

  /**
   * These options with at most so many tokens in all passes at once. A batch that alone has more is
   * computed when no other is; pipelines make no such batches as long as a single text is no
   * longer.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public ExecutionOptions withMaxTokens(int most) {
    return new ExecutionOptions(threads, executor, maxPasses, most);
  }

  /** The most threads that compute a pass, the caller's included. */
  public int threads() {
    return threads;
  }

  /** Who lends the helpers; null for threads of the encoder's own. */
  @Nullable Executor executor() {
    return executor;
  }

  /** The most passes at once; {@link Integer#MAX_VALUE} if only tokens are limited. */
  public int maxPasses() {
    return maxPasses;
  }

  /** The most tokens in all passes at once. */
  public int maxTokens() {
    return maxTokens;
  }

  /**
   * How many tokens a caller with many sequences should give to one pass: enough for all threads,
   * and no more than are computed at once.
   */
  public int passTokens() {
    long all = (long) TOKENS_PER_THREAD * threads;
    long useful = Math.min(MOST_PASS_TOKENS, Math.max(LEAST_PASS_TOKENS, all));
    return (int) Math.min(useful, maxTokens);
  }
}
