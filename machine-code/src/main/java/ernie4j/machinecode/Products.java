package ernie4j.machinecode;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/** The generated functions in the shapes of a {@link KernelTable}, and the matrices they read. */
final class Products implements KernelTable.Matrices {
  private final Int8Form form;
  private final FloatProduct floats;
  private final Int8Product codes;
  private final Attention attention;

  Products(FloatProduct floats, Int8Product codes, Attention attention) {
    this.form = codes.form();
    this.floats = floats;
    this.codes = codes;
    this.attention = attention;
  }

  static Products of(Int8Form form, ExecutableMemory memory) {
    Blocking blocking = Blocking.of(form.bits());
    Constants.Table constants = new Constants.Table();
    return new Products(
        new FloatProduct(blocking, memory, constants),
        new Int8Product(form, blocking, memory, constants),
        new Attention(form.bits(), new ThreadMemory(), memory, constants));
  }

  Int8Form form() {
    return form;
  }

  Attention attention() {
    return attention;
  }

  @Override
  public PackedMatrix newPackedMatrix(int rows, int columns) {
    return new FloatPanels(floats.blocking(), rows, columns);
  }

  @Override
  public Int8Matrix newInt8Matrix(int rows, int columns, float[] scales) {
    return new Int8Panels(form, codes.blocking(), rows, columns, scales);
  }

  /** {@link KernelTable.Product}. */
  void product(
      int m,
      float[] a,
      int a0,
      int lda,
      PackedMatrix b,
      float @Nullable [] bias,
      Epilogue epilogue,
      float[] c,
      int c0,
      int ldc) {
    Variant.Start start =
        epilogue == Epilogue.ADD
            ? Variant.Start.C
            : (bias == null ? Variant.Start.ZERO : Variant.Start.BIAS);
    boolean gelu = epilogue == Epilogue.GELU;
    floats.run(m, a, a0, lda, (FloatPanels) b, start, bias, gelu, c, c0, ldc);
  }

  /** {@link KernelTable.Int8Product}. */
  void int8Product(
      int m,
      float[] a,
      int a0,
      int lda,
      float scale,
      Int8Matrix b,
      float[] bias,
      Epilogue epilogue,
      float[] c,
      int c0,
      int ldc) {
    boolean gelu = epilogue == Epilogue.GELU;
    codes.run(m, a, a0, lda, scale, (Int8Panels) b, bias, gelu, c, c0, ldc);
  }
}
