package ernie4j.server.http;

import ernie4j.server.task.RequestException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the memory of requests and responses in progress, however many clients send slowly or do
 * not read.
 */
final class MemoryBudget {
  /** A body exists as bytes, as a tree, as texts and as tokens. */
  private static final int COPIES = 8;

  private final long limit;
  private final AtomicLong reserved = new AtomicLong();

  MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** A quarter of the heap. */
  static MemoryBudget ofHeap() {
    return new MemoryBudget(Runtime.getRuntime().maxMemory() / 4);
  }

  /**
   * Reserves memory for a body of this size and what is created from it.
   *
   * @throws RequestException with status 429 if there is not enough
   */
  void reserveBody(Exchange exchange, long bytes) {
    reserve(exchange, COPIES * bytes);
  }

  /** Reserves memory for a response, under the same conditions. */
  void reserveResponse(Exchange exchange, long bytes) {
    reserve(exchange, bytes);
  }

  private void reserve(Exchange exchange, long bytes) {
    long all = reserved.addAndGet(bytes);
    // A single request is always accepted, because it has limits of its own.
    if (all > limit && all > exchange.reservedBytes() + bytes) {
      reserved.addAndGet(-bytes);
      throw RequestException.busy(
          "requests in flight use all of their %d MB of memory; try again in a second"
              .formatted(limit >> 20));
    }
    exchange.addReservedBytes(bytes);
  }

  /** Returns everything that a request reserved. */
  void release(Exchange exchange) {
    reserved.addAndGet(-exchange.reservedBytes());
  }

  long reserved() {
    return reserved.get();
  }
}
