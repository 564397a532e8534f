package ernie4j.server.task;

import ernie4j.pipeline.Attempt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Computes the texts of concurrent requests in batches. Requests that arrive while all threads are
 * busy wait. The next batch takes texts from every request in turn, so a request with hundreds of
 * texts does not delay one with a single text.
 */
final class Batcher<R> implements AutoCloseable {
  private final Limits limits;
  private final BiFunction<List<Input>, Parameters, List<Attempt<R>>> computation;
  private final IntConsumer batchListener;
  private final List<Thread> threads = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrival = lock.newCondition();

  // Guarded by the lock.
  private final Deque<Request<R>> waiting = new ArrayDeque<>();
  private int waitingTexts;
  private boolean closed;

  private static final class Request<R> {
    final List<Input> inputs;
    final Parameters parameters;
    final List<@Nullable Attempt<R>> results;
    final CompletableFuture<List<Attempt<R>>> future = new CompletableFuture<>();

    /** The first text that is not in any batch yet; guarded by the lock. */
    int next;

    /** The number of texts without a result; guarded by the lock. */
    int missing;

    Request(List<Input> inputs, Parameters parameters) {
      this.inputs = inputs;
      this.parameters = parameters;
      this.missing = inputs.size();
      results = new ArrayList<>(inputs.size());
      for (int i = 0; i < inputs.size(); i++) {
        results.add(null);
      }
    }
  }

  /** Some texts of a request. */
  private record Part<R>(Request<R> request, int from, int to) {}

  /**
   * A batcher with its own threads.
   *
   * @param batchListener receives the number of texts of every batch
   */
  Batcher(
      String name,
      int threadCount,
      Limits limits,
      BiFunction<List<Input>, Parameters, List<Attempt<R>>> computation,
      IntConsumer batchListener) {
    this.limits = limits;
    this.computation = computation;
    this.batchListener = batchListener;
    for (int i = 0; i < threadCount; i++) {
      Thread thread = new Thread(this::work, "ernie4j-" + name + "-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  /**
   * Queues either all texts of a request or none.
   *
   * @throws RequestException with status 429 if too many texts wait
   */
  CompletableFuture<List<Attempt<R>>> submit(List<Input> inputs, Parameters parameters) {
    Request<R> request = new Request<>(inputs, parameters);
    lock.lock();
    try {
      // An idle server accepts a request of any size, which has limits of its own.
      if (closed || (waitingTexts > 0 && waitingTexts + inputs.size() > limits.waitingTexts())) {
        throw RequestException.busy(
            closed
                ? "the service is stopping; ask another instance"
                : "%d texts wait for this model, the limit is %d; try again in a second"
                    .formatted(waitingTexts, limits.waitingTexts()));
      }
      waiting.add(request);
      waitingTexts += inputs.size();
      arrival.signal();
    } finally {
      lock.unlock();
    }
    return request.future;
  }

  /** The number of texts that are not in any batch yet. */
  int waitingTexts() {
    lock.lock();
    try {
      return waitingTexts;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    for (List<Part<R>> batch = take(); !batch.isEmpty(); batch = take()) {
      compute(batch);
    }
  }

  /** The next batch; empty if the batcher is closed and nothing waits. */
  private List<Part<R>> take() {
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (closed) {
          return List.of();
        }
        arrival.awaitUninterruptibly();
      }
      awaitMore();
      return waiting.isEmpty() ? take() : next();
    } finally {
      lock.unlock();
    }
  }

  /** Waits a short time for more texts. */
  private void awaitMore() {
    long nanos = limits.batchWait().toNanos();
    try {
      while (nanos > 0 && !closed && waitingTexts < limits.batchTexts()) {
        nanos = arrival.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      // Nothing interrupts these threads; computing at once is correct in any case.
    }
  }

  private List<Part<R>> next() {
    List<Part<R>> batch = new ArrayList<>();
    Parameters parameters = waiting.element().parameters;
    int room = limits.batchTexts();
    List<Request<R>> unfinished = new ArrayList<>();
    for (Iterator<Request<R>> all = waiting.iterator(); all.hasNext() && room > 0; ) {
      Request<R> request = all.next();
      if (request.parameters.equals(parameters)) {
        int to = Math.min(request.inputs.size(), request.next + room);
        batch.add(new Part<>(request, request.next, to));
        room -= to - request.next;
        waitingTexts -= to - request.next;
        request.next = to;
        all.remove();
        if (to < request.inputs.size()) {
          unfinished.add(request);
        }
      }
    }
    waiting.addAll(unfinished);
    if (!waiting.isEmpty()) {
      arrival.signal();
    }
    return batch;
  }

  private void compute(List<Part<R>> batch) {
    List<Input> inputs = new ArrayList<>();
    batch.forEach(part -> inputs.addAll(part.request.inputs.subList(part.from, part.to)));
    batchListener.accept(inputs.size());
    List<Attempt<R>> results;
    try {
      results = computation.apply(inputs, batch.get(0).request.parameters);
    } catch (Throwable e) { // even an OutOfMemoryError: waiting requests must get it
      batch.forEach(part -> part.request.future.completeExceptionally(e));
      return;
    }
    int at = 0;
    for (Part<R> part : batch) {
      List<Attempt<R>> own = results.subList(at, at + part.to - part.from);
      at += own.size();
      finish(part, own);
    }
  }

  private void finish(Part<R> part, List<Attempt<R>> own) {
    Request<R> request = part.request;
    List<Attempt<R>> all = new ArrayList<>();
    lock.lock();
    try {
      for (int i = 0; i < own.size(); i++) {
        request.results.set(part.from + i, own.get(i));
      }
      request.missing -= own.size();
      if (request.missing > 0) {
        return;
      }
      for (Attempt<R> result : request.results) {
        if (result != null) {
          all.add(result);
        }
      }
    } finally {
      lock.unlock();
    }
    request.future.complete(all);
  }

  /** Accepts no more requests; waiting ones are still computed. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      arrival.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
