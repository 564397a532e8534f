package ernie4j.cli;

/** The arguments make no sense together; the program ends with exit code 2. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
