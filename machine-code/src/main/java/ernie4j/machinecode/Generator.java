package ernie4j.machinecode;

/**
 * Writes the functions of products for one kind of processor. For all kinds they take the same
 * arguments and give the same bits, so callers need not know the kind.
 */
interface Generator {
  /** How codes are multiplied. */
  Int8Form form();

  /** The tiles of all functions. */
  Blocking blocking();

  /** A product in float32, see {@link FloatProductCode}. */
  byte[] floatProduct(Variant variant);

  /** A product of codes, see {@link Int8ProductCode}. */
  byte[] int8Product(Variant variant);

  /**
   * Codes of rows, see {@link QuantizeCode}.
   *
   * @param ownScale whether every row has its own scale
   * @param partial whether a row ends with a part of a vector
   */
  byte[] quantization(boolean ownScale, boolean partial);
}
