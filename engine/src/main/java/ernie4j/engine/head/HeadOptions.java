package ernie4j.engine.head;

import java.util.Map;

/** The options of a model, which say how the logits of its head, or its hidden states, are read. */
public final class HeadOptions {
  private HeadOptions() {}

  /** The least probability of a label that applies: a number from 0 to 1. */
  public static final String THRESHOLD = "threshold";

  /** The language of the schemas that a model answers: {@value #ENGLISH}, or Chinese if absent. */
  public static final String SCHEMA_LANGUAGE = "schema_language";

  /** The value of {@link #SCHEMA_LANGUAGE} for English. */
  public static final String ENGLISH = "en";

  /**
   * How much the score of "no answer" must exceed that of the best answer: a difference of logits.
   */
  public static final String NO_ANSWER_THRESHOLD = "no_answer_threshold";

  /**
   * The function that is applied to a score: {@value #SIGMOID}, or {@value #IDENTITY}, which is the
   * default.
   */
  public static final String ACTIVATION = "activation";

  /** The value of {@link #ACTIVATION} for scores from 0 to 1. */
  public static final String SIGMOID = "sigmoid";

  /** The value of {@link #ACTIVATION} or {@link #DENSE_ACTIVATION} for no function. */
  public static final String IDENTITY = "identity";

  /**
   * What logits are divided by before they become probabilities, above 0; 1 if absent. For intents
   * and slots it is that of intents.
   */
  public static final String TEMPERATURE = "temperature";

  /** The same for the logits of slots. */
  public static final String SLOT_TEMPERATURE = "slot_temperature";

  /**
   * The intents that never have slots, separated by tabs: whether the slots of an answer with one
   * of them are right does not count for its confidence. None if absent.
   */
  public static final String INTENTS_WITHOUT_SLOTS = "intents_without_slots";

  /** The confidence, from 0 to 1, below which an answer is refused; 0 if absent. */
  public static final String MIN_CONFIDENCE = "min_confidence";

  /**
   * Whether only sequences of tags that {@link ConstrainedTags} allows are answered: true or false;
   * false if absent.
   */
  public static final String CONSTRAINED_TAGS = "constrained_tags";

  /**
   * How sentence vectors are made of hidden states: the {@link SentenceEmbedding#id} of a pooling.
   */
  public static final String POOLING = "pooling";

  /** Whether sentence vectors have length 1: true or false. */
  public static final String NORMALIZE = "normalize";

  /**
   * The function after the dense layer of sentence vectors: {@value #IDENTITY}, the default, or
   * {@value #TANH}.
   */
  public static final String DENSE_ACTIVATION = "dense_activation";

  /** The value of {@link #DENSE_ACTIVATION} for the hyperbolic tangent. */
  public static final String TANH = "tanh";

  /** The prefix of every text that becomes a vector, unless the caller asks for another. */
  public static final String TEXT_PREFIX = "text_prefix";

  /** The prefix of a query. */
  public static final String QUERY_PREFIX = "query_prefix";

  /** The prefix of a text that is searched. */
  public static final String PASSAGE_PREFIX = "passage_prefix";

  /** The most tokens of a text that becomes a vector, [CLS] and [SEP] included. */
  public static final String MAX_LENGTH = "max_length";

  /**
   * Reads an option that is off unless it is there.
   *
   * @param options the options of a model
   * @param key the name of the option
   * @return whether its value is true
   * @throws WrongTaskException if the value is neither true nor false
   */
  public static boolean isOn(Map<String, String> options, String key) {
    return oneOf(options, key, "false", "true").equals("true");
  }

  /** The value of a key, the first of two if it is not there. */
  static String oneOf(Map<String, String> options, String key, String usual, String other) {
    String value = options.getOrDefault(key, usual);
    if (!value.equals(usual) && !value.equals(other)) {
      throw wrong(key, usual + " or " + other, value);
    }
    return value;
  }

  static WrongTaskException wrong(String key, String expected, String value) {
    return new WrongTaskException(
        String.format(
            "the model's option %s: expected %s, got '%s'; a newer version may know it",
            key, expected, value));
  }
}
