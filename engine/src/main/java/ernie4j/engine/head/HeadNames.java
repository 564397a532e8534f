package ernie4j.engine.head;

/** Paddle's names of the heads' linear layers; add {@code .weight} or {@code .bias}. */
public final class HeadNames {
  private HeadNames() {}

  /** Sequence and token classification, question answering, multiple choice. */
  public static final String CLASSIFIER = "classifier";

  public static final String INTENT_CLASSIFIER = "intent_classifier";
  public static final String SLOT_CLASSIFIER = "slot_classifier";

  /** Which tokens begin a span that answers a prompt, and which end one. */
  public static final String SPAN_START = "linear_start";

  public static final String SPAN_END = "linear_end";
  public static final String MLM_TRANSFORM = "cls.predictions.transform";
  public static final String MLM_NORM = "cls.predictions.layer_norm";

  /** A whole parameter name: the bias of the decoder, whose weight is the word embedding. */
  public static final String MLM_DECODER_BIAS = "cls.predictions.decoder_bias";

  public static final String SEQUENCE_RELATIONSHIP = "cls.seq_relationship";

  /** Turns pooled hidden states into sentence vectors, as the Dense of sentence-transformers. */
  public static final String EMBEDDING_DENSE = "sentence_embedding.dense";
}
