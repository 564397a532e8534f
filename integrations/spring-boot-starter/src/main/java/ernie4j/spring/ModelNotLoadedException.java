package ernie4j.spring;

/** A model that a property names cannot be used. */
final class ModelNotLoadedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String property;

  ModelNotLoadedException(String property, String model, Exception cause) {
    super("%s=%s: %s".formatted(property, model, cause.getMessage()), cause);
    this.property = property;
  }

  String property() {
    return property;
  }
}
