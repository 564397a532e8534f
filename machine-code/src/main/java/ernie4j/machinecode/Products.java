package ernie4j.machinecode;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/** The generated functions with the signatures of a {@link KernelTable}, and their matrices. */
final class Products implements KernelTable.Matrices {
  private final Int8Form form;
  private final FloatProduct floats;
  private final @Nullable Bfloat16Product bfloats;
  private final Int8Product codes;
  private final @Nullable Attention attention;
  private final @Nullable LayerNorm layerNorm;

  /**
   * @param bfloats null if the processor has no products of bfloat16
   * @param attention null if none is generated for the processor
   * @param layerNorm null if none is generated for the processor
   */
  Products(
      FloatProduct floats,
      @Nullable Bfloat16Product bfloats,
      Int8Product codes,
      @Nullable Attention attention,
      @Nullable LayerNorm layerNorm) {
    this.form = codes.form();
    this.floats = floats;
    this.bfloats = bfloats;
    this.codes = codes;
    this.attention = attention;
    this.layerNorm = layerNorm;
  }

  /**
   * @throws RefusalException if the processor runs no form
   */
  static Products of(Processor processor, ExecutableMemory memory) {
    return of(processor.bestForm(), processor.bfloat16(), memory);
  }

  /**
   * @param bfloat16 whether the processor multiplies it; used only with forms of 512 bits
   */
  static Products of(Int8Form form, boolean bfloat16, ExecutableMemory memory) {
    Constants.Table constants = new Constants.Table();
    Generator generator = form.generator(constants);
    return new Products(
        new FloatProduct(generator, memory),
        bfloat16 && form.bits() == 512
            ? new Bfloat16Product(generator.blocking(), memory, constants)
            : null,
        new Int8Product(generator, memory),
        form.isNeon() ? null : new Attention(form.bits(), new ThreadMemory(), memory, constants),
        form.isNeon() ? null : new LayerNorm(form.bits(), memory, constants));
  }

  Int8Form form() {
    return form;
  }

  @Nullable Attention attention() {
    return attention;
  }

  @Nullable LayerNorm layerNorm() {
    return layerNorm;
  }

  @Override
  public PackedMatrix newPackedMatrix(int rows, int columns) {
    return new FloatPanels(floats.blocking(), rows, columns);
  }

  @Override
  public PackedMatrix newBfloat16Matrix(int rows, int columns) {
    return bfloats == null
        ? newPackedMatrix(rows, columns)
        : new Bfloat16Panels(bfloats.blocking(), rows, columns);
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
    if (bfloats != null && b instanceof Bfloat16Panels panels) {
      bfloats.run(m, a, a0, lda, panels, start, bias, gelu, c, c0, ldc);
    } else {
      floats.run(m, a, a0, lda, (FloatPanels) b, start, bias, gelu, c, c0, ldc);
    }
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
