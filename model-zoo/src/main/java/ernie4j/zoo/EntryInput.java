package ernie4j.zoo;

import java.io.FilterInputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * An entry of an archive. Reading it fails if it unpacks to implausibly many bytes, or if its
 * content does not match the checksum of the archive, which {@link ZipFile} does not verify.
 */
final class EntryInput extends FilterInputStream {
  private final ZipEntry entry;
  private final long limit;
  private final CRC32 sum = new CRC32();
  private long count;

  EntryInput(ZipFile zip, ZipEntry entry, long limit) throws IOException {
    super(zip.getInputStream(entry));
    this.entry = entry;
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    if (read > 0) {
      count += read;
      sum.update(bytes, offset, read);
    }
    if (count > limit) {
      throw new ZipException("%s unpacks to more than %,d bytes".formatted(entry.getName(), limit));
    }
    if (read < 0 && sum.getValue() != entry.getCrc()) {
      throw new ZipException(entry.getName() + " does not have its checksum");
    }
    return read;
  }
}
