package ernie4j.engine.file;

import java.util.Arrays;
import java.util.Optional;

/** The element types of safetensors files, with their names in the header. */
public enum DType {
  /** A truth value in one byte, 0 or 1. */
  BOOL(1),
  /** An unsigned integer of 8 bits. */
  U8(1),
  /** A signed integer of 8 bits. */
  I8(1),
  /** A float of 8 bits, 5 of them exponent, 2 fraction. */
  F8_E5M2(1),
  /** A float of 8 bits, 4 of them exponent, 3 fraction. */
  F8_E4M3(1),
  /** A signed integer of 16 bits. */
  I16(2),
  /** An unsigned integer of 16 bits. */
  U16(2),
  /** IEEE 754 binary16. */
  F16(2),
  /** bfloat16: the upper half of a binary32. */
  BF16(2),
  /** A signed integer of 32 bits. */
  I32(4),
  /** An unsigned integer of 32 bits. */
  U32(4),
  /** IEEE 754 binary32. */
  F32(4),
  /** A signed integer of 64 bits. */
  I64(8),
  /** An unsigned integer of 64 bits. */
  U64(8),
  /** IEEE 754 binary64. */
  F64(8);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** {@return the size of one element in bytes} */
  public int bytes() {
    return bytes;
  }

  static Optional<DType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
