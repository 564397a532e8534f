package ernie4j.server.http;

import ernie4j.server.task.RequestException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what requests and responses in flight take, however many clients send slowly or do not
 * read.
 */
final class MemoryBudget {
  /** A body as bytes, as a tree, as texts and tokens. */
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
   * Reserves room for a body of so many bytes and what is made of it.
   *
   * @throws RequestException 429 if there is none
   */
  void reserveBody(Exchange exchange, long bytes) {
    reserve(exchange, COPIES * bytes);
  }

  /** Reserves room for a response, on the same terms. */
  void reserveResponse(Exchange exchange, long bytes) {
    reserve(exchange, bytes);
  }

  private void reserve(Exchange exchange, long bytes) {
    long all = reserved.addAndGet(bytes);
    // A request that is alone is always taken: its own limits bound it.
    if (all > limit && all > exchange.reservedBytes() + bytes) {
      reserved.addAndGet(-bytes);
      throw RequestException.busy(
          "requests in flight take all the memory they may, %d MB; try again in a second"
              .formatted(limit >> 20));
    }
    exchange.addReservedBytes(bytes);
  }

  /** Gives back all that a request had. */
  void release(Exchange exchange) {
    reserved.addAndGet(-exchange.reservedBytes());
  }

  long reserved() {
    return reserved.get();
  }
}
