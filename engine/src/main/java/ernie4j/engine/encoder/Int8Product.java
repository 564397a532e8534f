package ernie4j.engine.encoder;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.Kernels;

/**
 * A product with int8 weights.
 *
 * @param inputScale the scale of the input, 0 for every token's own
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Int8Product(Kernels kernels, Int8Matrix weight, float inputScale, float[] bias)
    implements LinearProduct {
  @Override
  public int in() {
    return weight.rows();
  }

  @Override
  public int out() {
    return weight.columns();
  }

  @Override
  public void apply(
      Epilogue epilogue,
      int rows,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      int ldy) {
    kernels.gemmInt8(rows, x, xOffset, ldx, inputScale, weight, bias, epilogue, y, yOffset, ldy);
  }
}
