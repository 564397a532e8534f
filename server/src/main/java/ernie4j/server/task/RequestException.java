package ernie4j.server.task;

import org.jspecify.annotations.Nullable;

/** A request that cannot be answered, with a message that tells its sender what to do. */
public final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final @Nullable String field;

  private RequestException(int status, @Nullable String field, String message) {
    // Clients cause these, perhaps thousands per second, and their stack traces are not used.
    super(message, null, false, false);
    this.status = status;
    this.field = field;
  }

  /** A request that cannot be parsed: 400. */
  public static RequestException unreadable(String message) {
    return new RequestException(400, null, message);
  }

  /** A missing or wrong token: 401. */
  public static RequestException unauthorized(String message) {
    return new RequestException(401, null, message);
  }

  /** An unknown name: 404. */
  public static RequestException notFound(@Nullable String field, String message) {
    return new RequestException(404, field, message);
  }

  /** A request that is too large: 413. */
  public static RequestException tooLarge(@Nullable String field, String message) {
    return new RequestException(413, field, message);
  }

  /** A field with a wrong value: 422. */
  public static RequestException invalid(String field, String message) {
    return new RequestException(422, field, message);
  }

  /** A request that would have to wait too long: 429. */
  public static RequestException busy(String message) {
    return new RequestException(429, null, message);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The field of the request that is wrong, or null. */
  public @Nullable String field() {
    return field;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
