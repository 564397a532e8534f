package ernie4j.zoo.huggingface;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.ElementType;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The numbers behind one or more tensors: an entry of the zip file that is stored as it is.
 *
 * @param file what messages call the zip file
 * @param zip the zip file, open
 * @param entry its entry, whose size has been checked against {@code elements}
 * @param type the type of the numbers
 * @param elements how many there are
 */
record TorchStorage(String file, ZipFile zip, ZipEntry entry, ElementType type, long elements) {
  private static final int PIECE = 1 << 16;

  /** Checks the whole entry against the checksum that the zip file has for it. */
  void checkSum() throws IOException {
    CRC32 sum = new CRC32();
    byte[] piece = new byte[PIECE];
    try (InputStream in = zip.getInputStream(entry)) {
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        sum.update(piece, 0, count);
      }
    }
    if (sum.getValue() != entry.getCrc()) {
      throw new ModelFileException(
          file,
          "the numbers in '%s' do not have the checksum that the file says: it is damaged, or was saved with checksums off (torch.serialization.set_crc32_options)"
              .formatted(entry.getName()));
    }
  }

  /** The numbers {@code [from, from + count)} as floats. */
  float[] floats(long from, int count) throws IOException {
    float[] values = new float[count];
    byte[] piece = new byte[PIECE];
    try (InputStream in = zip.getInputStream(entry)) {
      in.skipNBytes(from * type.bytes());
      for (int done = 0; done < count; ) {
        int next = Math.min(PIECE / type.bytes(), count - done);
        int bytes = next * type.bytes();
        if (in.readNBytes(piece, 0, bytes) < bytes) {
          throw cut();
        }
        ByteBuffer numbers = ByteBuffer.wrap(piece, 0, bytes).order(ByteOrder.LITTLE_ENDIAN);
        done = type.decode(numbers, values, done);
      }
    } catch (EOFException e) {
      throw cut();
    }
    return values;
  }

  private ModelFileException cut() {
    return new ModelFileException(file, "the file is cut off in '" + entry.getName() + "'");
  }
}
