package ernie4j.engine.head;

/** Options of a model that say how the logits of its head, or its hidden states, are read. */
public final class HeadOptions {
  private HeadOptions() {}

  /** From which probability on a label applies, a number from 0 to 1. */
  public static final String THRESHOLD = "threshold";

  /** The language of the schemas that a model answers: {@value #ENGLISH}, or Chinese if absent. */
  public static final String SCHEMA_LANGUAGE = "schema_language";

  public static final String ENGLISH = "en";

  /** How much better an answer must be than none. */
  public static final String NO_ANSWER_THRESHOLD = "no_answer_threshold";

  /**
   * What a score goes through: {@value #SIGMOID}, or {@value #IDENTITY} if the model does not say.
   */
  public static final String ACTIVATION = "activation";

  public static final String SIGMOID = "sigmoid";
  public static final String IDENTITY = "identity";

  /**
   * What logits are divided by before they become probabilities, above 0; 1 if absent. For intents
   * and slots it is that of intents.
   */
  public static final String TEMPERATURE = "temperature";

  /** The same for the logits of slots. */
  public static final String SLOT_TEMPERATURE = "slot_temperature";

  /** An answer of which a model is less sure, from 0 to 1, is refused; 0 if absent. */
  public static final String MIN_CONFIDENCE = "min_confidence";

  /** How many turns of a dialogue before the present one are read; none if absent. */
  public static final String CONTEXT_TURNS = "context_turns";

  /** How sentence vectors are made of hidden states; see {@link EmbeddingOptions}. */
  public static final String POOLING = "pooling";

  /** Whether sentence vectors have length 1: true or false. */
  public static final String NORMALIZE = "normalize";

  /** What follows the dense layer of sentence vectors: {@value #IDENTITY} or {@value #TANH}. */
  public static final String DENSE_ACTIVATION = "dense_activation";

  public static final String TANH = "tanh";

  /** What stands before every text that becomes a vector, if nothing else is asked for. */
  public static final String TEXT_PREFIX = "text_prefix";

  /** What stands before a query. */
  public static final String QUERY_PREFIX = "query_prefix";

  /** What stands before a text that is searched. */
  public static final String PASSAGE_PREFIX = "passage_prefix";

  /** The most tokens of a text that becomes a vector, [CLS] and [SEP] included. */
  public static final String MAX_LENGTH = "max_length";
}
