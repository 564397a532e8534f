package ernie4j.machinecode.aarch64;

/** The condition of a jump after a comparison or subtraction {@code a - b}. */
public enum Condition {
  EQUAL(0),
  NOT_EQUAL(1),
  /** a not below b, both unsigned. */
  HIGHER_OR_SAME(2),
  /** a below b, both unsigned. */
  LOWER(3),
  /** a not less than b, both signed. */
  GREATER_OR_EQUAL(10),
  /** a less than b, both signed. */
  LESS(11);

  final int code;

  Condition(int code) {
    this.code = code;
  }
}
