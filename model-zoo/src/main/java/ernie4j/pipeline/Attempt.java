package ernie4j.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result for one of several inputs, or the reason why there is none. An input that cannot be
 * read thus does not affect the others.
 *
 * @param <R> the type of the result
 */
public final class Attempt<R> {
  private final @Nullable R result;
  private final @Nullable IllegalArgumentException failure;

  private Attempt(@Nullable R result, @Nullable IllegalArgumentException failure) {
    this.result = result;
    this.failure = failure;
  }

  static <R> Attempt<R> success(R result) {
    return new Attempt<>(result, null);
  }

  static <R> Attempt<R> failure(IllegalArgumentException reason) {
    return new Attempt<>(null, reason);
  }

  /** {@return whether there is a result} */
  public boolean isSuccess() {
    return failure == null;
  }

  /**
   * Returns the result.
   *
   * @return the result, never null
   * @throws IllegalArgumentException if there is none; its message is that of {@link #error}
   */
  public R result() {
    if (result == null) {
      throw failure == null ? new IllegalArgumentException("no result") : failure;
    }
    return result;
  }

  /** {@return the reason why there is no result, as a sentence; empty if there is a result} */
  public Optional<String> error() {
    return Optional.ofNullable(failure).map(reason -> String.valueOf(reason.getMessage()));
  }

  /**
   * Converts the result. A failure stays a failure.
   *
   * @param <S> the type of the new result
   * @param function converts the result; called only if there is one
   * @return the new result, or the same failure
   */
  public <S> Attempt<S> map(Function<? super R, ? extends S> function) {
    return failure == null ? success(function.apply(result())) : failure(failure);
  }

  /** Returns all results, or throws the first failure. */
  static <R> List<R> results(List<Attempt<R>> attempts) {
    return List.copyOf(attempts.stream().map(Attempt::result).collect(Collectors.toList()));
  }
}
