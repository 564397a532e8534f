package ernie4j.server.http;

import org.jspecify.annotations.Nullable;

/** What is known about a request, for the log, the metrics and the memory budget. */
final class Exchange {
  private static final String UNKNOWN = "other";

  final long began = System.nanoTime();

  // Written by one thread at a time, which passes the request on.
  private String route = UNKNOWN;
  private @Nullable String model;
  private int texts;
  private long reservedBytes;
  private boolean refused;

  String route() {
    return route;
  }

  /** Sets the path, only if it is one of the server's: wrong paths must not create metrics. */
  void route(String path) {
    route = path;
  }

  @Nullable String model() {
    return model;
  }

  int texts() {
    return texts;
  }

  /** Sets the model that the request is for, and the number of texts. */
  void asked(String name, int count) {
    model = name;
    texts = count;
  }

  long reservedBytes() {
    return reservedBytes;
  }

  void addReservedBytes(long bytes) {
    reservedBytes += bytes;
  }

  boolean isRefused() {
    return refused;
  }

  /** Notes that the response reports an error of the request. */
  void refused() {
    refused = true;
  }
}
