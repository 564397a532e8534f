package ernie4j.zoo.conversion;

import java.io.IOException;
import java.util.Arrays;

/** A tensor whose numbers are stored in a file unchanged: little-endian, row by row. */
public final class FileTensor implements SourceTensor {
  private final FileBytes file;
  private final long position;
  private final ElementType type;
  private final int[] shape;

  /**
   * Makes a tensor that is read on demand.
   *
   * @param file the file, which must stay open until then
   * @param position where the first number begins
   * @throws IllegalArgumentException if no array can hold that shape
   */
  public FileTensor(FileBytes file, long position, ElementType type, int... shape) {
    this.file = file;
    this.position = position;
    this.type = type;
    this.shape = shape.clone();
    SourceTensor.elements(shape);
  }

  @Override
  public ElementType type() {
    return type;
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  /** The number of bytes in the file. */
  public long byteSize() {
    return (long) SourceTensor.elements(shape) * type.bytes();
  }

  @Override
  public float[] floats() throws IOException {
    file.require(position, byteSize());
    float[] values = new float[SourceTensor.elements(shape)];
    int[] next = {0};
    file.forEachPiece(position, byteSize(), piece -> next[0] = type.decode(piece, values, next[0]));
    return values;
  }

  @Override
  public byte[] codes() throws IOException {
    if (type != ElementType.INT8) {
      throw new IllegalStateException("expected INT8 codes, got " + type);
    }
    return file.bytes(position, SourceTensor.elements(shape));
  }

  /** Shape and type, for messages. */
  @Override
  public String toString() {
    return Arrays.toString(shape) + " " + type;
  }
}
