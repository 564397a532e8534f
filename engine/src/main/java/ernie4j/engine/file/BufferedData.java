package ernie4j.engine.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A data section that came from a stream. It is kept in pieces as they arrive, so that a header
 * with a wrong size costs no memory.
 */
final class BufferedData implements DataSection {
  private final List<byte[]> pieces = new ArrayList<>();
  private final long size;

  private BufferedData(InputStream in, long limit) throws IOException {
    long arrived = 0;
    while (arrived < limit) {
      byte[] piece = StreamBytes.upTo(in, (int) Math.min(limit - arrived, PIECE));
      pieces.add(piece);
      arrived += piece.length;
      if (piece.length < PIECE) {
        break;
      }
    }
    size = arrived;
  }

  /**
   * Reads what the tensors need.
   *
   * @throws ModelFileException if the stream ends too early
   */
  static BufferedData read(InputStream in, String file, SafetensorsHeader header)
      throws IOException {
    BufferedData data = new BufferedData(in, header.dataLength());
    for (SafetensorsEntry entry : header.entries()) {
      if (entry.end() > data.size) {
        throw new ModelFileException(
            file,
            String.format("the file is cut off in tensor %s of %d bytes", entry, entry.byteSize()));
      }
    }
    return data;
  }

  @Override
  public void read(long position, ByteBuffer into) {
    for (long at = position; into.hasRemaining() && at < size; ) {
      byte[] piece = pieces.get((int) (at / PIECE));
      int from = (int) (at % PIECE);
      int count = Math.min(into.remaining(), piece.length - from);
      into.put(piece, from, count);
      at += count;
    }
  }
}
