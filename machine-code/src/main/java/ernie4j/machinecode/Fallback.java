package ernie4j.machinecode;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The generated functions, with the next kernels as a fallback: functions are generated when a
 * shape first needs them, and by then the process may have reached a limit. The next kernels get
 * copies of the matrices in their own form. One line in the log reports it.
 *
 * <p>A product that is refused has written nothing, or only values that the next kernels overwrite.
 */
final class Fallback {
  private final Products ours;
  private final KernelTable nextTable;
  private final Lazy<KernelTable, Kernels> next = new Lazy<>(Kernels::of);
  private final AtomicBoolean said = new AtomicBoolean();

  Fallback(Products ours, KernelTable others) {
    this.ours = ours;
    nextTable = others;
  }

  /** The next kernels, which most processes never need. */
  private Kernels others() {
    return next.of(nextTable);
  }

  private void say(RefusalException refusal) {
    if (said.compareAndSet(false, true)) {
      System.getLogger("ernie4j")
          .log(
              System.Logger.Level.WARNING,
              "Machine code for another shape cannot be made, so from now on the {0} kernels"
                  + " compute some of the calls. {1}",
              others().name(),
              refusal.sentence());
    }
  }

  KernelTable.Product product() {
    return new ProductOrNext();
  }

  KernelTable.Int8Product int8Product() {
    return new Int8ProductOrNext();
  }

  /** Generated attention; scratch memory for the next kernels is allocated only if they compute. */
  KernelTable.Attention attention(Attention generated) {
    return new AttentionOrNext(generated);
  }

  /** Generated layer norm; the next kernels compute it for training, which needs statistics. */
  KernelTable.LayerNorm layerNorm(LayerNorm generated) {
    return new LayerNormOrNext(generated);
  }

  // Classes, not lambdas: a call of generated code is close to the depth up to which C2 inlines.

  private final class ProductOrNext implements KernelTable.Product {
    @Override
    public void run(
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
      try {
        ours.product(m, a, a0, lda, b, bias, epilogue, c, c0, ldc);
      } catch (RefusalException e) {
        say(e);
        PackedMatrix copy =
            b instanceof Bfloat16Panels panels
                ? panels.other().of(others())
                : ((FloatPanels) b).other().of(others());
        others().gemm(m, a, a0, lda, copy, bias, epilogue, c, c0, ldc);
      }
    }
  }

  private final class Int8ProductOrNext implements KernelTable.Int8Product {
    @Override
    public void run(
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
      try {
        ours.int8Product(m, a, a0, lda, scale, b, bias, epilogue, c, c0, ldc);
      } catch (RefusalException e) {
        say(e);
        Int8Matrix copy = ((Int8Panels) b).other().of(others());
        others().gemmInt8(m, a, a0, lda, scale, copy, bias, epilogue, c, c0, ldc);
      }
    }
  }

  private final class AttentionOrNext implements KernelTable.Attention {
    private final Attention generated;

    AttentionOrNext(Attention generated) {
      this.generated = generated;
    }

    @Override
    public int scratch(int tokens, int headSize) {
      return generated.scratch(tokens, headSize);
    }

    @Override
    public void run(
        int tokens,
        int heads,
        int headSize,
        float scale,
        float[] qkv,
        int q,
        int k,
        int v,
        int ld,
        float @Nullable [] keyBias,
        int keyBiasOffset,
        float[] context,
        int c0,
        int ldc,
        float[] scratch) {
      try {
        generated.run(
            tokens,
            heads,
            headSize,
            scale,
            qkv,
            q,
            k,
            v,
            ld,
            keyBias,
            keyBiasOffset,
            context,
            c0,
            ldc,
            scratch);
      } catch (RefusalException e) {
        say(e);
        float[] theirs = new float[others().attentionScratch(tokens, headSize)];
        others()
            .attention(
                tokens,
                heads,
                headSize,
                scale,
                qkv,
                q,
                k,
                v,
                ld,
                keyBias,
                keyBiasOffset,
                context,
                c0,
                ldc,
                theirs);
      }
    }
  }

  private final class LayerNormOrNext implements KernelTable.LayerNorm {
    private final LayerNorm generated;

    LayerNormOrNext(LayerNorm generated) {
      this.generated = generated;
    }

    @Override
    public void run(
        int rows,
        int columns,
        float[] x,
        float @Nullable [] residual,
        int offset,
        int ldx,
        float[] gamma,
        float[] beta,
        float epsilon,
        float[] y,
        int yOffset,
        int ldy,
        float @Nullable [] statistics,
        int statisticsOffset) {
      if (statistics == null) {
        try {
          generated.run(
              rows, columns, x, residual, offset, ldx, gamma, beta, epsilon, y, yOffset, ldy);
          return;
        } catch (RefusalException e) {
          say(e);
        }
      }
      others()
          .layerNorm(
              rows,
              columns,
              x,
              residual,
              offset,
              ldx,
              gamma,
              beta,
              epsilon,
              y,
              yOffset,
              ldy,
              statistics,
              statisticsOffset);
    }
  }
}
