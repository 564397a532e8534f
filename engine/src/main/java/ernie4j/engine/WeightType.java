package ernie4j.engine;

/** The element types of a parameter. */
public enum WeightType {
  /** {@link Tensor}. */
  FLOAT32("float32", Float.BYTES),
  /** {@link Bfloat16Weight}. */
  BFLOAT16("bfloat16", Short.BYTES),
  /** {@link Int8Weight}. */
  INT8("int8", Byte.BYTES);

  private final String name;
  private final int bytes;

  WeightType(String name, int bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /** Whether elements are numbers and not codes: {@link Weight#read} gives them as float32. */
  public boolean isFloat() {
    return this != INT8;
  }

  /** The size of an element. */
  public int bytes() {
    return bytes;
  }

  /** For example {@code float32}. */
  @Override
  public String toString() {
    return name;
  }
}
