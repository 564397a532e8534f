package ernie4j.machinecode.x86;

/** The condition of a jump after a comparison or subtraction {@code a - b}. */
public enum Condition {
  /** a below b, both unsigned. */
  BELOW(2),
  /** a not below b, both unsigned. */
  ABOVE_OR_EQUAL(3),
  EQUAL(4),
  NOT_EQUAL(5),
  /** a less than b, both signed. */
  LESS(12),
  /** a not less than b, both signed. */
  GREATER_OR_EQUAL(13);

  final int code;

  Condition(int code) {
    this.code = code;
  }
}
