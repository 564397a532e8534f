package ernie4j.engine.encoder;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/** A product with packed float32 weights. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FloatProduct(Kernels kernels, PackedMatrix weight, float @Nullable [] bias)
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
    kernels.gemm(rows, x, xOffset, ldx, weight, bias, epilogue, y, yOffset, ldy);
  }
}
