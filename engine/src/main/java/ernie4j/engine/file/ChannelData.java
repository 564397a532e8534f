package ernie4j.engine.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The part of an open file from {@code start} on.
 *
 * @param channel stays open as long as this is read; not closed here
 */
record ChannelData(FileChannel channel, long start) implements DataSection {
  @Override
  public void read(long position, ByteBuffer into) throws IOException {
    long at = start + position;
    while (into.hasRemaining()) {
      int count = channel.read(into, at);
      if (count < 0) {
        return;
      }
      at += count;
    }
  }
}
