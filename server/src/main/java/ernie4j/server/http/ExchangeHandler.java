package ernie4j.server.http;

import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Observes every request from beginning to end, whatever happens in between. */
final class ExchangeHandler extends Handler.Wrapper {
  static final String EXCHANGE = Exchange.class.getName();

  /** The status of requests whose client has disconnected, as in nginx. */
  private static final int CLIENT_CLOSED = 499;

  private final ServerMetrics metrics;
  private final MemoryBudget memory;
  private final @Nullable AccessLog log;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean stopping;

  ExchangeHandler(ServerMetrics metrics, MemoryBudget memory, @Nullable AccessLog log) {
    this.metrics = metrics;
    this.memory = memory;
    this.log = log;
  }

  int inFlight() {
    return inFlight.get();
  }

  /** From now on, clients are told to send no more requests on their connections. */
  void stopping() {
    stopping = true;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Exchange exchange = new Exchange();
    request.setAttribute(EXCHANGE, exchange);
    inFlight.incrementAndGet();
    Request.addCompletionListener(request, failure -> done(request, response, exchange, failure));
    if (stopping) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    return super.handle(request, response, callback);
  }

  private void done(
      Request request, Response response, Exchange exchange, @Nullable Throwable failure) {
    inFlight.decrementAndGet();
    memory.release(exchange);
    // An unread body is also a failure if a request was rejected because of its header.
    boolean answered = failure == null || exchange.isRefused();
    int status = answered ? response.getStatus() : CLIENT_CLOSED;
    long nanos = System.nanoTime() - exchange.began;
    metrics.answered(exchange, status, nanos);
    if (log != null) {
      log.add(request, exchange, status, Response.getContentBytesWritten(response), nanos / 1e6);
    }
  }
}
