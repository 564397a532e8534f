package ernie4j.engine.head;

/** Options of a model that say how the logits of its head are read. */
public final class HeadOptions {
  private HeadOptions() {}

  /** From which probability on a label applies, a number from 0 to 1. */
  public static final String THRESHOLD = "threshold";

  /** How much better an answer must be than none. */
  public static final String NO_ANSWER_THRESHOLD = "no_answer_threshold";

  /**
   * What a score goes through: {@value #SIGMOID}, or {@value #IDENTITY} if the model does not say.
   */
  public static final String ACTIVATION = "activation";

  public static final String SIGMOID = "sigmoid";
  public static final String IDENTITY = "identity";
}
