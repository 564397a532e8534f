package ernie4j.engine.encoder;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds independent parts in as many threads as there are processors, the caller's included. */
final class ParallelBuild {
  private final List<Part<?>> parts = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();

  private static final class Part<T> implements Supplier<T> {
    private final Supplier<T> recipe;
    private @Nullable T result;
    private @Nullable RuntimeException exception;
    private @Nullable Error error;

    Part(Supplier<T> recipe) {
      this.recipe = recipe;
    }

    void build() {
      try {
        result = recipe.get();
      } catch (RuntimeException e) {
        exception = e;
      } catch (Error e) {
        error = e;
      }
    }

    @Override
    public T get() {
      if (exception != null) {
        throw exception;
      }
      if (error != null) {
        throw error;
      }
      if (result == null) {
        throw new IllegalStateException("ParallelBuild: call run first");
      }
      return result;
    }
  }

  /**
   * Adds a part to build; the returned supplier gives it, or throws its exception, after {@link
   * #run}.
   */
  <T> Supplier<T> add(Supplier<T> recipe) {
    Part<T> part = new Part<>(recipe);
    parts.add(part);
    return part;
  }

  /** Builds all parts and returns when the last one is done or has failed. */
  void run() {
    List<Thread> helpers = new ArrayList<>();
    int threads = Math.min(parts.size(), Runtime.getRuntime().availableProcessors());
    for (int i = 1; i < threads; i++) {
      Thread helper = new Thread(this::work, "ernie4j-load-" + i);
      helper.setDaemon(true);
      helper.start();
      helpers.add(helper);
    }
    work();
    boolean interrupted = false;
    for (Thread helper : helpers) {
      while (helper.isAlive()) {
        try {
          helper.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    for (int i = next.getAndIncrement(); i < parts.size(); i = next.getAndIncrement()) {
      parts.get(i).build();
    }
  }
}
