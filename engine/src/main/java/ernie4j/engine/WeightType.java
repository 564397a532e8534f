package ernie4j.engine;

/** The element types of a parameter. */
public enum WeightType {
  /** float32, a {@link Tensor}. */
  FLOAT32("float32", Float.BYTES),
  /** bfloat16, a {@link Bfloat16Weight}. */
  BFLOAT16("bfloat16", Short.BYTES),
  /** int8 codes, an {@link Int8Weight}. */
  INT8("int8", Byte.BYTES);

  private final String name;
  private final int bytes;

  WeightType(String name, int bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /**
   * {@return whether elements are numbers, not codes; {@link Weight#read} returns them as float32}
   */
  public boolean isFloat() {
    return this != INT8;
  }

  /** {@return the size of an element in bytes} */
  public int bytes() {
    return bytes;
  }

  /** {@return the name, for example {@code float32}} */
  @Override
  public String toString() {
    return name;
  }
}
