package ernie4j.machinecode;

/** The reason why machine code cannot be used here, with what to change, in one sentence. */
final class RefusalException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusalException(String sentence) {
    super(sentence);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
