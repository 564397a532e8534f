package ernie4j.machinecode;

/** The functions of x86-64. */
record X86Generator(Int8Form form, Blocking blocking, Constants.Table constants)
    implements Generator {
  @Override
  public byte[] floatProduct(Variant variant) {
    return new FloatProductCode(blocking, variant, constants.address()).assemble();
  }

  @Override
  public byte[] int8Product(Variant variant) {
    return new Int8ProductCode(form, blocking, variant, constants.address()).assemble();
  }

  @Override
  public byte[] quantization(boolean ownScale, boolean partial) {
    return new QuantizeCode(form, ownScale, partial, constants.address()).assemble();
  }
}
