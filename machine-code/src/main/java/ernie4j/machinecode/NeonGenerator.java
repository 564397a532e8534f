package ernie4j.machinecode;

/** The functions of AArch64. */
record NeonGenerator(Int8Form form, Blocking blocking, Constants.Table constants)
    implements Generator {
  @Override
  public byte[] floatProduct(Variant variant) {
    return new NeonFloatProductCode(variant, constants.address()).assemble();
  }

  @Override
  public byte[] int8Product(Variant variant) {
    NeonProductCode code =
        form == Int8Form.NEON_I8MM
            ? new NeonMatrixProductCode(variant, constants.address())
            : new NeonDotProductCode(variant, constants.address());
    return code.assemble();
  }

  @Override
  public byte[] quantization(boolean ownScale, boolean partial) {
    return new NeonQuantizeCode(ownScale, partial, constants.address()).assemble();
  }
}
