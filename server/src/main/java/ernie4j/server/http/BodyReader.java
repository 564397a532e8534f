package ernie4j.server.http;

import ernie4j.server.task.RequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Reads the body of a request, which holds a thread meanwhile: one that is too large or comes a few
 * bytes at a time is given up. One that does not come at all is ended by the connection's limit.
 */
final class BodyReader {
  private static final int CHUNK = 8192;

  /** A client may be slow to begin. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final double LEAST_BYTES_PER_SECOND = 1024;

  /**
   * So much of a body that is too large is read and thrown away: many clients look for an answer
   * only when they have sent all, and a connection that is closed before loses it.
   */
  private static final int MOST_DISCARDED = 8 << 20;

  private final int mostBytes;
  private final LongSupplier nanoTime;

  /**
   * A reader.
   *
   * @param nanoTime {@link System#nanoTime}, or another clock
   */
  BodyReader(int mostBytes, LongSupplier nanoTime) {
    this.mostBytes = mostBytes;
    this.nanoTime = nanoTime;
  }

  /**
   * Reads to the end.
   *
   * @throws RequestException 413 if there is more than may be, 400 if it ends early or comes too
   *     slowly
   */
  byte[] read(InputStream in) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (consume(in, body) > mostBytes) {
      throw tooLarge();
    }
    return body.toByteArray();
  }

  /** Reads to the end, or until far too much has come, and keeps what a body may have. */
  private long consume(InputStream in, OutputStream kept) {
    byte[] chunk = new byte[CHUNK];
    long began = nanoTime.getAsLong();
    long bytes = 0;
    try {
      for (int read = in.read(chunk);
          read >= 0 && bytes < (long) mostBytes + MOST_DISCARDED;
          read = in.read(chunk)) {
        bytes += read;
        if (bytes <= mostBytes) {
          kept.write(chunk, 0, read);
        }
        requirePace(bytes, nanoTime.getAsLong() - began);
      }
    } catch (IOException e) {
      throw RequestException.unreadable("the body could not be read: " + e.getMessage());
    }
    return bytes;
  }

  private static void requirePace(long bytes, long nanos) {
    double due = LEAST_BYTES_PER_SECOND * (nanos - GRACE_NANOS) / 1e9;
    if (bytes < due) {
      throw RequestException.unreadable(
          "the body comes too slowly: %d bytes in %d seconds; send at least 1 KB a second"
              .formatted(bytes, TimeUnit.NANOSECONDS.toSeconds(nanos)));
    }
  }

  /**
   * Refuses a body of which the head says that it is too large.
   *
   * @return 413
   * @throws RequestException 400 if it ends early or comes too slowly
   */
  RequestException refuse(InputStream in, long announcedBytes) {
    if (announcedBytes <= MOST_DISCARDED) {
      consume(in, OutputStream.nullOutputStream());
    }
    return tooLarge();
  }

  private RequestException tooLarge() {
    return RequestException.tooLarge(
        null,
        "the body has more than the %,d bytes that this service takes; send several requests"
            .formatted(mostBytes));
  }
}
