package ernie4j.server.task;

import ernie4j.engine.Parallel;
import ernie4j.engine.encoder.ExecutionOptions;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Distributes the processors over the batches of all models of a server. As many threads work on a
 * batch as there are free processors. A single batch gets all of them; under load, each batch gets
 * one, because more threads than processors only wait for each other.
 */
public final class ComputeThreads implements Executor, AutoCloseable {
  private final int processors = Runtime.getRuntime().availableProcessors();
  private final ExecutorService helpers = Parallel.newThreads(processors);
  private final AtomicInteger busy = new AtomicInteger();

  /** The execution options of pipelines that share these threads. */
  ExecutionOptions execution() {
    return ExecutionOptions.defaults().withThreads(processors).withExecutor(this);
  }

  /** The largest number of batches that is worth computing at once. */
  int count() {
    return processors;
  }

  /** Computes in the calling thread, which counts as busy in the meantime. */
  <T> T computing(Supplier<T> computation) {
    busy.incrementAndGet();
    try {
      return computation.get();
    } finally {
      busy.decrementAndGet();
    }
  }

  /** Lends a thread to a pass, unless all processors are busy. */
  @Override
  public void execute(Runnable helper) {
    if (busy.incrementAndGet() > processors) {
      busy.decrementAndGet();
      throw new RejectedExecutionException("all processors are busy");
    }
    boolean accepted = false;
    try {
      helpers.execute(
          () -> {
            try {
              helper.run();
            } finally {
              busy.decrementAndGet();
            }
          });
      accepted = true;
    } finally {
      if (!accepted) {
        busy.decrementAndGet();
      }
    }
  }

  /** Ends the threads once nothing runs on them. */
  @Override
  public void close() {
    helpers.shutdown();
  }
}
