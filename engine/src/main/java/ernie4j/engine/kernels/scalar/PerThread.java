package ernie4j.engine.kernels.scalar;

import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Scratch memory of each thread that calls. A thread holds it weakly: threads of a pool outlive an
 * application in a server, and a value of one of our classes would keep its class loader alive.
 * After a collection the scratch is allocated again.
 */
public final class PerThread<T> {
  @SuppressWarnings("ThreadLocalUsage") // one for each user, which lives as long as its kernels
  private final ThreadLocal<@Nullable WeakReference<T>> values = new ThreadLocal<>();

  private final Supplier<T> maker;

  public PerThread(Supplier<T> maker) {
    this.maker = maker;
  }

  /** The scratch of the calling thread. */
  public T get() {
    WeakReference<T> reference = values.get();
    T value = reference == null ? null : reference.get();
    if (value == null) {
      value = maker.get();
      values.set(new WeakReference<>(value));
    }
    return value;
  }
}
