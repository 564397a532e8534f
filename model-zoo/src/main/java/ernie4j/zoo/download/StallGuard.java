package ernie4j.zoo.download;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream, so that its reader wakes up, when no bytes have come for a while. */
final class StallGuard implements AutoCloseable {
  private final InputStream stream;
  private final long nanos;
  private final Thread thread;
  private volatile long last = System.nanoTime();
  private volatile boolean stalled;

  StallGuard(InputStream stream, Duration silence) {
    this.stream = stream;
    this.nanos = silence.toNanos();
    thread = new Thread(this::watch, "ernie4j-download-guard");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - last)) {
        Thread.sleep(Math.max(1, left / 1_000_000));
      }
      stalled = true;
      stream.close();
    } catch (InterruptedException | IOException e) {
      // Closed because the file is complete, or by the other side: the reader sees that itself.
    }
  }

  void bytesCame() {
    last = System.nanoTime();
  }

  boolean stalled() {
    return stalled;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
