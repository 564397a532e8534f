package ernie4j.machinecode;

/** Why machine code cannot be used here: one sentence that says what to change. */
final class RefusalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusalException(String sentence) {
    super(sentence);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
