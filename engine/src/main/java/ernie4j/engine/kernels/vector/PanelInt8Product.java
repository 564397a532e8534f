package ernie4j.engine.kernels.vector;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.KernelEntry;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.scalar.PerThread;

/** A product with a {@link PanelInt8Matrix}. */
final class PanelInt8Product implements KernelTable.Int8Product {
  private final KernelTable.Int8Product plain;
  private final KernelEntry<KernelTable.Elementwise> gelu;
  private final PerThread<VectorInt8> work = new PerThread<>(VectorInt8::new);

  /**
   * A product on vectors.
   *
   * @param plain computes with the codes that the vector kernel cannot handle
   */
  PanelInt8Product(KernelTable.Int8Product plain, KernelEntry<KernelTable.Elementwise> gelu) {
    this.plain = plain;
    this.gelu = gelu;
  }

  @Override
  public void run(
      int m,
      float[] a,
      int aOffset,
      int lda,
      float scale,
      Int8Matrix b,
      float[] bias,
      Epilogue epilogue,
      float[] c,
      int cOffset,
      int ldc) {
    PanelInt8Matrix panels = (PanelInt8Matrix) b;
    if (panels.hasLeastCode()) {
      plain.run(m, a, aOffset, lda, scale, b, bias, epilogue, c, cOffset, ldc);
      return;
    }
    KernelTable.Elementwise function =
        epilogue == Epilogue.GELU ? gelu.use(10L * m * b.columns()) : null;
    work.get().multiply(m, a, aOffset, lda, scale, panels, bias, c, cOffset, ldc, function);
  }
}
