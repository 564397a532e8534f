package ernie4j.machinecode;

/** The reason why machine code cannot be used: one sentence that says what to change. */
final class RefusalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusalException(String sentence) {
    super(sentence);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
