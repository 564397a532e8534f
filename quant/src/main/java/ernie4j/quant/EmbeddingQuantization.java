package ernie4j.quant;

/** How embedding tables become int8. */
public enum EmbeddingQuantization {
  /** Codes with a scale for each row: {@link RowQuantizer}. */
  ROW,
  /** Codes into a dictionary of magnitudes, as in the reference: {@link LogQuantizer}. */
  LOG
}
