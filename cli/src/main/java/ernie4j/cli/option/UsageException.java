package ernie4j.cli.option;

/** The arguments make no sense together; the program ends with exit code 2. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }

  /** A command that needs a model was given none. */
  public static UsageException missingModel() {
    return new UsageException("--model: expected a model file or the name of a pulled model");
  }
}
