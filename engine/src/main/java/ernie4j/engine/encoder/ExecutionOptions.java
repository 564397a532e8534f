package ernie4j.engine.encoder;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Which threads an encoder or a pipeline computes with, and how much it computes at once. No option
 * changes any bit of a result.
 *
 * <pre>{@code
 * JointSlu slu = JointSlu.bundled()
 *     .withExecution(ExecutionOptions.defaults().withThreads(1).withMaxPasses(4));
 * }</pre>
 *
 * <p>A pass is one run of the encoder over a batch. Its scratch memory takes, per token, four bytes
 * for each value of two hidden states, four attention widths and one intermediate state: 20 KB for
 * bge-small-zh, 30 KB for an encoder of BERT's base size. So the limits bound memory. Callers over
 * a limit wait their turn, in the order of arrival.
 */
public final class ExecutionOptions {
  /** More tokens per thread make a pass no faster; they only enlarge its scratch memory. */
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
   * Returns the defaults: helpers from the common pool, as many threads for a pass as there are
   * processors, and 256 tokens at once per processor, but at least 4,096. The number of passes is
   * not limited: a caller with a short text computes in its own thread right away, which costs less
   * than waiting and being woken.
   *
   * @return the default options for this machine
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
   * Returns these options with another number of threads for a pass.
   *
   * @param most the most threads of a pass, the caller's included; with 1, every caller computes in
   *     its own thread only
   * @return the new options
   * @throws IllegalArgumentException if it is below 1
   */
  public ExecutionOptions withThreads(int most) {
    return new ExecutionOptions(most, executor, maxPasses, maxTokens);
  }

  /**
   * Returns these options with helper threads from an executor.
   *
   * @param lender runs the helpers; never shut down here. If it refuses, the caller of a pass
   *     computes alone
   * @return the new options
   */
  public ExecutionOptions withExecutor(Executor lender) {
    return new ExecutionOptions(threads, lender, maxPasses, maxTokens);
  }

  /**
   * Returns these options with daemon threads that belong to the encoder or pipeline, one fewer
   * than {@link #threads}. They start when they are needed, and end when it is closed or they were
   * idle for a while.
   *
   * @return the new options
   */
  public ExecutionOptions withOwnThreads() {
    return new ExecutionOptions(threads, null, maxPasses, maxTokens);
  }

  /**
   * Returns these options with a limit on the number of concurrent passes. A workspace counts at
   * least 64 tokens, so the limit on tokens bounds their number, too.
   *
   * @param most the most passes at once
   * @return the new options
   * @throws IllegalArgumentException if it is below 1
   */
  public ExecutionOptions withMaxPasses(int most) {
    return new ExecutionOptions(threads, executor, most, maxTokens);
  }

  /**
   * Returns these options with a limit on the tokens of all concurrent passes together. A batch
   * that alone exceeds it is computed while no other is; pipelines make no such batches unless a
   * single text is that long.
   *
   * @param most the most tokens at once
   * @return the new options
   * @throws IllegalArgumentException if it is below 1
   */
  public ExecutionOptions withMaxTokens(int most) {
    return new ExecutionOptions(threads, executor, maxPasses, most);
  }

  /** {@return the most threads that compute a pass, the caller's included} */
  public int threads() {
    return threads;
  }

  /** The executor of the helpers; null for threads of the encoder's own. */
  @Nullable Executor executor() {
    return executor;
  }

  /** {@return the most passes at once; {@link Integer#MAX_VALUE} if only tokens are limited} */
  public int maxPasses() {
    return maxPasses;
  }

  /** {@return the most tokens in all passes at once} */
  public int maxTokens() {
    return maxTokens;
  }

  /**
   * {@return the number of tokens that a caller with many sequences should put into one pass:
   * enough for all threads, and no more than are computed at once}
   */
  public int passTokens() {
    long all = (long) TOKENS_PER_THREAD * threads;
    long useful = Math.min(MOST_PASS_TOKENS, Math.max(LEAST_PASS_TOKENS, all));
    return (int) Math.min(useful, maxTokens);
  }
}
