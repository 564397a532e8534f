package ernie4j.server.http;

import org.jspecify.annotations.Nullable;

/** What is known of a request, for the log, the metrics and the memory that it counts for. */
final class Exchange {
  private static final String UNKNOWN = "other";

  final long began = System.nanoTime();

  // Written by one thread at a time, which hands the request on.
  private String route = UNKNOWN;
  private @Nullable String model;
  private int texts;
  private long reservedBytes;
  private boolean refused;

  String route() {
    return route;
  }

  /** The path, if it is one of this service's: metrics must not have a name for every wrong one. */
  void route(String path) {
    route = path;
  }

  @Nullable String model() {
    return model;
  }

  int texts() {
    return texts;
  }

  /** Which model is asked, and how many texts. */
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

  /** Its response says what is wrong with it. */
  void refused() {
    refused = true;
  }
}
