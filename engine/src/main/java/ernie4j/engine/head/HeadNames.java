package ernie4j.engine.head;

/** Paddle's names of the heads' linear layers; add {@code .weight} or {@code .bias}. */
public final class HeadNames {
  private HeadNames() {}

  /**
   * The layer of sequence and token classification, question answering, scoring and multiple
   * choice.
   */
  public static final String CLASSIFIER = "classifier";

  /** The layer that gives the intent of an utterance. */
  public static final String INTENT_CLASSIFIER = "intent_classifier";

  /** The layer that gives the slot label of every token. */
  public static final String SLOT_CLASSIFIER = "slot_classifier";

  /** The layer that tells which tokens begin a span that answers a prompt. */
  public static final String SPAN_START = "linear_start";

  /** The layer that tells which tokens end such a span. */
  public static final String SPAN_END = "linear_end";

  /** The dense layer of the masked language model. */
  public static final String MLM_TRANSFORM = "cls.predictions.transform";

  /** The layer norm of the masked language model. */
  public static final String MLM_NORM = "cls.predictions.layer_norm";

  /** The bias of the decoder, whose weight is the word embedding; a whole parameter name. */
  public static final String MLM_DECODER_BIAS = "cls.predictions.decoder_bias";

  /** The layer of the next sentence prediction of pre-trained models. */
  public static final String SEQUENCE_RELATIONSHIP = "cls.seq_relationship";

  /**
   * The layer that turns pooled hidden states into sentence vectors, as the Dense module of
   * sentence-transformers.
   */
  public static final String EMBEDDING_DENSE = "sentence_embedding.dense";
}
