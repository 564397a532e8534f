package ernie4j.engine.head;

/**
 * A model is sound but cannot do what is asked of it: it is for another task, or its head and its
 * labels do not fit. A file with such a model is refused with a {@link
 * ernie4j.engine.file.ModelFileException}, like every other file that cannot be used.
 */
public final class WrongTaskException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public WrongTaskException(String message) {
    super(message);
  }
}
