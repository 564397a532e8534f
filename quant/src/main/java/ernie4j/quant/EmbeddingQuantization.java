package ernie4j.quant;

/** How embedding tables become int8. */
public enum EmbeddingQuantization {
  /** Codes with a scale for each row: {@link RowQuantizedEmbedding}. */
  ROW,
  /** Codes into a dictionary of magnitudes, as in the reference: {@link LogQuantizedEmbedding}. */
  LOG
}
