package ernie4j.engine.head;

/**
 * A model is sound but cannot do what is asked of it: it is for another task, or its head and its
 * labels do not fit. A file with such a model is refused with a {@link
 * ernie4j.engine.file.ModelFileException}, like every other unusable file.
 */
public final class WrongTaskException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /**
   * Makes an exception.
   *
   * @param message what was expected, what the model has instead, and what to do
   */
  public WrongTaskException(String message) {
    super(message);
  }
}
