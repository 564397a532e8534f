package ernie4j.quant;

/** The forms of embedding tables in int8. */
public enum EmbeddingQuantization {
  /** Codes with a scale for each row: {@link RowQuantizer}. */
  ROW,
  /** Codes into a dictionary of magnitudes, as in the reference: {@link LogQuantizer}. */
  LOG
}
