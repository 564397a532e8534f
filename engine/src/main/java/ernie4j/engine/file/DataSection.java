package ernie4j.engine.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The data section of a safetensors file, read by position and from any number of threads. */
interface DataSection {
  /** How many bytes are read, hashed or kept at a time; a multiple of every element size. */
  int PIECE = 1 << 17;

  /**
   * Fills the rest of a buffer with the bytes from {@code position} on; with fewer only at the end
   * of the section.
   */
  void read(long position, ByteBuffer into) throws IOException;
}
