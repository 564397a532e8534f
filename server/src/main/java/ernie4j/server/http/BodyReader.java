package ernie4j.server.http;

import ernie4j.server.task.RequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Reads the body of a request, which occupies a thread in the meantime. It gives up on bodies that
 * are too large or arrive a few bytes at a time. If nothing arrives at all, the connection's idle
 * timeout applies.
 */
final class BodyReader {
  private static final int CHUNK = 8192;

  /** A client may be slow to begin. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final double LEAST_BYTES_PER_SECOND = 1024;

  /**
   * How much of an oversized body is read and discarded. Many clients read the response only after
   * they have sent everything, and lose it if the connection closes earlier.
   */
  private static final int MOST_DISCARDED = 8 << 20;

  private final int mostBytes;
  private final LongSupplier nanoTime;

  /**
   * A reader with a limit.
   *
   * @param nanoTime {@link System#nanoTime}, or another clock in tests
   */
  BodyReader(int mostBytes, LongSupplier nanoTime) {
    this.mostBytes = mostBytes;
    this.nanoTime = nanoTime;
  }

  /**
   * Reads the whole body.
   *
   * @throws RequestException with status 413 if the body is too large, 400 if it ends early or
   *     arrives too slowly
   */
  byte[] read(InputStream in) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (consume(in, body) > mostBytes) {
      throw tooLarge();
    }
    return body.toByteArray();
  }

  /** Reads to the end or until far too much has arrived, and keeps as much as a body may have. */
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
          "the body arrives too slowly: %d bytes in %d seconds; send at least 1 KB a second"
              .formatted(bytes, TimeUnit.NANOSECONDS.toSeconds(nanos)));
    }
  }

  /**
   * Rejects a body whose header announces that it is too large.
   *
   * @return an exception with status 413
   * @throws RequestException with status 400 if the body ends early or arrives too slowly
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
        "the body has more than the %,d bytes that this service accepts; send several requests"
            .formatted(mostBytes));
  }
}
