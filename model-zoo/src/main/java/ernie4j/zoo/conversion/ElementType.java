package ernie4j.zoo.conversion;

import ernie4j.engine.file.HalfFloats;
import ernie4j.engine.kernels.Bfloat16;
import java.nio.ByteBuffer;

/** The types of numbers in the tensors of other frameworks. */
public enum ElementType {
  BOOL(1),
  UINT8(1),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FLOAT16(2),
  BFLOAT16(2),
  FLOAT32(4),
  FLOAT64(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one number. */
  public int bytes() {
    return bytes;
  }

  /** Whether this is a floating-point type, from which a weight can be made. */
  public boolean isFloating() {
    return compareTo(FLOAT16) >= 0;
  }

  /**
   * Converts the rest of a buffer to floats, in its byte order: FLOAT16 and BFLOAT16 exactly,
   * FLOAT64 and integers rounded to the nearest float.
   *
   * @return the index after the last float written
   */
  public int decode(ByteBuffer from, float[] into, int at) {
    int end = at + from.remaining() / bytes;
    if (this == FLOAT32) {
      from.asFloatBuffer().get(into, at, end - at);
      return end;
    }
    for (int i = at; i < end; i++) {
      into[i] =
          switch (this) {
            case BOOL, UINT8 -> from.get() & 255;
            case INT8 -> from.get();
            case INT16 -> from.getShort();
            case INT32 -> from.getInt();
            case INT64 -> from.getLong();
            case FLOAT16 -> HalfFloats.float16(from.getShort());
            case BFLOAT16 -> Bfloat16.widen(from.getShort());
            case FLOAT32 -> from.getFloat();
            case FLOAT64 -> (float) from.getDouble();
          };
    }
    return end;
  }
}
