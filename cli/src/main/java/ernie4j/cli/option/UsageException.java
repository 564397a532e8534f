package ernie4j.cli.option;

/** Arguments that do not fit together; the program ends with exit code 2. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }

  /** A model is required but was not given. */
  public static UsageException missingModel() {
    return new UsageException("--model: expected a model file or the name of a pulled model");
  }
}
