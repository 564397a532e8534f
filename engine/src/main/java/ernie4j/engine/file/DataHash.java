package ernie4j.engine.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of a data section, computed in a thread of its own while the weights are read. */
final class DataHash implements AutoCloseable {
  private final DataSection data;
  private final long length;
  private final MessageDigest hash = Sha256.start();
  private final Thread thread = new Thread(this::run, "ernie4j-load-hash");
  private volatile boolean stopped;
  // Written by the thread, read after it has ended.
  private @Nullable IOException failure;

  private DataHash(DataSection data, long length) {
    this.data = data;
    this.length = length;
  }

  /** Begins to hash the first {@code length} bytes. */
  static DataHash start(DataSection data, long length) {
    DataHash hash = new DataHash(data, length);
    hash.thread.setDaemon(true);
    hash.thread.start();
    return hash;
  }

  private void run() {
    byte[] bytes = new byte[(int) Math.min(length, DataSection.PIECE)];
    try {
      for (long done = 0; done < length && !stopped; ) {
        ByteBuffer piece = ByteBuffer.wrap(bytes, 0, (int) Math.min(bytes.length, length - done));
        data.read(done, piece);
        if (piece.position() == 0) {
          return; // cut off since it was opened: the hash will not be the expected one
        }
        hash.update(bytes, 0, piece.position());
        done += piece.position();
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Waits for the hash and returns its hexadecimal digits. May be called once. */
  String hex() throws IOException {
    join();
    if (failure != null) {
      throw failure;
    }
    return Sha256.hex(hash);
  }

  private void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Cancels the work if it is not done and waits for the thread, which then no longer uses the
   * data.
   */
  @Override
  public void close() {
    stopped = true;
    join();
  }
}
