package ernie4j.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result for one of several inputs, or why there is none: one input that cannot be read does
 * not lose the others.
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

  /** Whether there is a result. */
  public boolean isSuccess() {
    return failure == null;
  }

  /**
   * The result.
   *
   * @throws IllegalArgumentException if there is none, with the reason
   */
  public R result() {
    if (result == null) {
      throw failure == null ? new IllegalArgumentException("no result") : failure;
    }
    return result;
  }

  /** Why there is no result, as a sentence; empty if there is one. */
  public Optional<String> error() {
    return Optional.ofNullable(failure).map(reason -> String.valueOf(reason.getMessage()));
  }

  /** Another result made of this one; a failure stays what it is. */
  public <S> Attempt<S> map(Function<? super R, ? extends S> function) {
    return failure == null ? success(function.apply(result())) : failure(failure);
  }

  /** All results; the first failure is thrown. */
  static <R> List<R> results(List<Attempt<R>> attempts) {
    return List.copyOf(attempts.stream().map(Attempt::result).collect(Collectors.toList()));
  }
}
