package ernie4j.engine.kernels.vector;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.KernelTable.Int8Product;
import ernie4j.engine.kernels.warmup.Exercise;
import java.util.Arrays;
import java.util.Random;

/** The inputs that products on vectors are warmed up with. */
final class VectorExercises {
  private VectorExercises() {}

  private static void draw(Random random, float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
  }

  /** One tile. */
  static final class Tile implements Exercise<PanelFunction> {
    /** Length of the sums. */
    private static final int SUM = 64;

    private final int width;
    private final int rows;
    private final float[] a;
    private final float[] b;
    private final float[] init;
    private final float[] c;
    private int n;
    private int ldi;

    Tile(int vectors, int rows) {
      this.rows = rows;
      width = vectors * VectorPanels.LANES;
      a = new float[rows * SUM];
      b = new float[SUM * width];
      init = new float[rows * width];
      c = new float[rows * width];
      usual();
    }

    @Override
    public void usual() {
      n = SUM;
      ldi = 0;
      for (int i = 0; i < a.length; i++) {
        a[i] = (i % 17 - 8) * 0.25f;
      }
      Arrays.fill(b, 0.5f);
      Arrays.fill(init, 1f);
    }

    @Override
    public void fresh(Random random) {
      n = 1 + random.nextInt(SUM);
      ldi = random.nextBoolean() ? 0 : width;
      draw(random, a);
      draw(random, b);
      draw(random, init);
    }

    @Override
    public void run(PanelFunction function) {
      function.run(width, rows, n, a, 0, SUM, b, 0, init, 0, ldi, c, 0, width);
    }

    @Override
    public float[] output() {
      return c;
    }

    @Override
    public boolean runEmpty(PanelFunction function) {
      function.run(width, rows, 0, a, 0, SUM, b, 0, init, 0, ldi, c, 0, width);
      return true;
    }
  }

  /** Products of codes with all heights of a tile. */
  static final class Int8 implements Exercise<Int8Product> {
    private static final int SUM = 64;
    private static final int PANEL = PanelInt8Matrix.WIDTH;
    private static final int MOST_COLUMNS = 3 * PANEL;

    // With a remainder of every loop: the compiler omits code that has not run yet, and compiles
    // again when it runs.
    private static final int USUAL_SUM = 31;
    private static final int USUAL_COLUMNS = 2 * PANEL + 11;

    private static final int ROWS = 4;

    private final float[] a = new float[ROWS * SUM];
    private final float[] bias = new float[MOST_COLUMNS];
    private final float[] c = new float[(ROWS + 1) * ROWS / 2 * MOST_COLUMNS];
    private final int[] codes = new int[ROWS * SUM];
    private final int[] sums = new int[2 * ROWS * PANEL];
    private final PanelInt8Matrix usual =
        new PanelInt8Matrix(USUAL_SUM, USUAL_COLUMNS, new float[USUAL_COLUMNS]);
    private PanelInt8Matrix b = usual;

    Int8() {
      usual();
    }

    @Override
    public void usual() {
      b = usual;
      for (int i = 0; i < a.length; i++) {
        a[i] = (i % 17 - 8) * 0.25f;
      }
      Arrays.fill(bias, 1f);
    }

    @Override
    public void fresh(Random random) {
      int n = 1 + random.nextInt(SUM);
      int columns = 1 + random.nextInt(MOST_COLUMNS);
      float[] scales = new float[columns];
      draw(random, a);
      draw(random, bias);
      for (int j = 0; j < columns; j++) {
        scales[j] = random.nextFloat();
      }
      b = new PanelInt8Matrix(n, columns, scales);
      byte[] drawn = new byte[n * columns];
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = (byte) (random.nextInt(255) - 127);
      }
      b.copy(n, columns, drawn, 0, columns, 0, 0);
    }

    @Override
    public void run(Int8Product function) {
      int n = b.rows();
      int columns = b.columns();
      for (int rows = 1, to = 0; rows <= ROWS; to += rows * columns, rows++) {
        float scale = rows % 2;
        function.run(rows, a, 0, n, scale, b, bias, Epilogue.NONE, c, to, columns);
      }
    }

    @Override
    public float[] output() {
      return c;
    }

    @Override
    public boolean runEmpty(Int8Product function) {
      for (int rows = 1; rows <= ROWS; rows++) {
        Int8VectorTiles.tile(rows, 0, codes, 0, SUM, b.codes(), 0, 0, sums, 0, 0, 2 * PANEL);
      }
      return true;
    }
  }
}
