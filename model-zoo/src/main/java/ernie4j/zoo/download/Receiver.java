package ernie4j.zoo.download;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Appends the body of one response to the part of a file that has arrived, or replaces that part.
 * Bytes are written as they arrive, in a thread of the HTTP client, so that none is lost when the
 * connection breaks; the thread that waits may close this at any time, and then nothing more is
 * written.
 */
final class Receiver implements BodyHandler<Void>, AutoCloseable {
  private final PartFile part;
  private final long have;
  private final String version;
  private final long mostBytes;

  private @Nullable OutputStream out;
  private boolean closed;
  private boolean answered;
  private long bytes;
  private OptionalLong total = OptionalLong.empty();
  private long lastNews = System.nanoTime();

  /**
   * A receiver.
   *
   * @param have the bytes that the request left out
   * @param version the version that these bytes belong to
   * @param mostBytes the most bytes that the file may have
   */
  Receiver(PartFile part, long have, String version, long mostBytes) {
    this.mostBytes = mostBytes;
    this.part = part;
    this.have = have;
    this.version = version;
  }

  @Override
  public synchronized BodySubscriber<Void> apply(ResponseInfo info) {
    ResponseHead head = new ResponseHead(info.statusCode(), info.headers());
    answered = true;
    lastNews = System.nanoTime();
    try {
      if (head.isWhole()) {
        out = closed ? null : part.restart(head.version());
        total = head.length();
      } else if (head.continues(have, version)) {
        out = closed ? null : part.append();
        bytes = have;
        total = head.total();
      }
      requireSize(total.orElse(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return BodySubscribers.ofByteArrayConsumer(chunk -> chunk.ifPresent(this::write));
  }

  private synchronized void write(byte[] chunk) {
    lastNews = System.nanoTime();
    if (out != null && !closed) {
      try {
        requireSize(bytes + chunk.length);
        part.write(out, chunk);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      bytes += chunk.length;
    }
  }

  private void requireSize(long size) throws IOException {
    if (size > mostBytes) {
      throw DownloadException.permanent(
          "the file has %,d bytes or more, and no file of this model has more than %,d"
              .formatted(size, mostBytes));
    }
  }

  /** Whether the head of the response has arrived. */
  synchronized boolean answered() {
    return answered;
  }

  /** Whether the body is written to the file. */
  synchronized boolean accepted() {
    return out != null;
  }

  /** The bytes that have arrived, those of earlier attempts included. */
  synchronized long bytes() {
    return bytes;
  }

  /** The bytes of the whole file, if the server says. */
  synchronized OptionalLong total() {
    return total;
  }

  /** The time since anything arrived. */
  synchronized Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastNews);
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (out != null) {
      out.close(); // nothing is buffered, so there is nothing to write
    }
  }
}
