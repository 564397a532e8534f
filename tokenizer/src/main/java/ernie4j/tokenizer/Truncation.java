package ernie4j.tokenizer;

/** Where tokens are cut off if a text or pair is longer than allowed. */
public enum Truncation {
  /** Nothing is cut. */
  DO_NOT_TRUNCATE,
  /** One token at a time from the end of the longer sequence; of two equal ones from the second. */
  LONGEST_FIRST,
  /** From the end of the first sequence. */
  ONLY_FIRST,
  /** From the end of the second sequence. */
  ONLY_SECOND
}
