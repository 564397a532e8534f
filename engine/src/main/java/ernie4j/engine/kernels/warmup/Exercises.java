package ernie4j.engine.kernels.warmup;

import ernie4j.engine.kernels.KernelEntry;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.KernelTable.Attention;
import ernie4j.engine.kernels.KernelTable.ColumnSums;
import ernie4j.engine.kernels.KernelTable.Dropout;
import ernie4j.engine.kernels.KernelTable.Elementwise;
import ernie4j.engine.kernels.KernelTable.ElementwiseBackward;
import ernie4j.engine.kernels.KernelTable.LayerNorm;
import ernie4j.engine.kernels.KernelTable.LayerNormBackward;
import ernie4j.engine.kernels.KernelTable.Softmax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Exercises for the functions of a {@link KernelTable} that read no packed matrix. */
public final class Exercises {
  private Exercises() {}

  /** Values of the usual inputs: whole groups of 16 lanes and a tail. */
  private static final int VALUES = 8 * 16 + 3;

  private static final int MOST_ROWS = 4;

  /** The functions of inference, first those in which an encoder spends most time. */
  public static List<Candidate<?>> inference(KernelTable table) {
    List<Candidate<?>> all = new ArrayList<>();
    all.add(new Candidate<>(table.gelu(), new ElementwiseExercise()));
    all.add(new Candidate<>(table.softmax(), new SoftmaxExercise()));
    all.add(new Candidate<>(table.attention(), new AttentionExercise(table.attention())));
    all.add(new Candidate<>(table.layerNorm(), new LayerNormExercise()));
    all.add(new Candidate<>(table.tanh(), new ElementwiseExercise()));
    return all;
  }

  /** The functions that only training uses. */
  public static List<Candidate<?>> training(KernelTable table) {
    List<Candidate<?>> all = new ArrayList<>();
    all.add(new Candidate<>(table.geluBackward(), new BackwardExercise()));
    all.add(new Candidate<>(table.layerNormBackward(), new LayerNormBackwardExercise()));
    all.add(new Candidate<>(table.dropout(), new DropoutExercise()));
    all.add(new Candidate<>(table.columnSums(), new ColumnSumsExercise()));
    return all;
  }

  /** A matrix {@code [rows, columns]} of inputs and one of outputs; usually one row. */
  private abstract static class MatrixExercise<F> implements Exercise<F> {
    int rows = 1;
    int columns = VALUES;
    final float[] x = new float[MOST_ROWS * VALUES];
    final float[] y = new float[MOST_ROWS * (VALUES + 2)];
    final float[] one = new float[VALUES];
    final float[] two = new float[VALUES];

    MatrixExercise() {
      usual();
    }

    @Override
    public final void usual() {
      rows = 1;
      columns = VALUES;
      for (int i = 0; i < x.length; i++) {
        x[i] = (i % 17 - 8) * 0.25f;
      }
      Arrays.fill(one, 1f);
      Arrays.fill(two, 1f);
      Arrays.fill(y, 0f);
    }

    @Override
    public final void fresh(Random random) {
      rows = 1 + random.nextInt(MOST_ROWS);
      columns = 1 + random.nextInt(VALUES);
      for (float[] values : List.of(x, one, two, y)) {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextGaussian() * 2;
        }
      }
    }

    @Override
    public final float[] output() {
      return y;
    }
  }

  private static final class ElementwiseExercise extends MatrixExercise<Elementwise> {
    @Override
    public void run(Elementwise function) {
      function.run(columns, x, rows, y, rows - 1);
    }
  }

  private static final class BackwardExercise extends MatrixExercise<ElementwiseBackward> {
    @Override
    public void run(ElementwiseBackward function) {
      function.run(columns, x, rows, x, 2 * rows, y, 0);
    }
  }

  private static final class SoftmaxExercise extends MatrixExercise<Softmax> {
    @Override
    public void run(Softmax function) {
      System.arraycopy(x, 0, y, 0, rows * columns);
      function.run(rows, columns, y, 0, columns);
    }
  }

  private static final class LayerNormExercise extends MatrixExercise<LayerNorm> {
    @Override
    public void run(LayerNorm function) {
      int n = columns;
      function.run(rows, n, x, null, 0, n, one, two, 1e-5f, y, 0, n, null, 0);
      function.run(rows, n, x, x, 0, n, one, two, 1e-5f, y, 0, n, y, rows * n);
    }
  }

  private static final class LayerNormBackwardExercise extends MatrixExercise<LayerNormBackward> {
    @Override
    public void run(LayerNormBackward function) {
      Arrays.fill(y, 0f);
      function.run(rows, columns, x, two, 0, one, x, y, 0, columns);
    }
  }

  private static final class DropoutExercise extends MatrixExercise<Dropout> {
    @Override
    public void run(Dropout function) {
      function.run(columns, x, rows, y, 0, 0.5f, rows, columns);
    }
  }

  private static final class ColumnSumsExercise extends MatrixExercise<ColumnSums> {
    @Override
    public void run(ColumnSums function) {
      Arrays.fill(y, 0, columns, 0.5f);
      function.run(Math.min(rows + 1, MOST_ROWS), columns, x, 0, columns, y, 0);
    }
  }

  private static final class AttentionExercise implements Exercise<Attention> {
    private static final int TOKENS = 7;
    private static final int HEAD_SIZE = 24;
    private static final int MOST_TOKENS = 37;
    private static final int MOST_HEAD_SIZE = 40;

    private final float[] qkv = new float[MOST_TOKENS * 3 * MOST_HEAD_SIZE];
    private final float[] keyBias = new float[MOST_TOKENS];
    private final float[] context = new float[2 * MOST_TOKENS * MOST_HEAD_SIZE];
    private final float[] scratch;
    private int tokens;
    private int headSize;

    AttentionExercise(KernelEntry<Attention> entry) {
      int one = entry.standIn().scratch(MOST_TOKENS, MOST_HEAD_SIZE);
      int other = entry.function().scratch(MOST_TOKENS, MOST_HEAD_SIZE);
      scratch = new float[Math.max(one, other)];
      usual();
    }

    @Override
    public void usual() {
      tokens = TOKENS;
      headSize = HEAD_SIZE;
      for (int i = 0; i < qkv.length; i++) {
        qkv[i] = (i % 17 - 8) * 0.25f;
      }
      Arrays.fill(keyBias, 1f);
    }

    @Override
    public void fresh(Random random) {
      tokens = 1 + random.nextInt(MOST_TOKENS);
      headSize = 1 + random.nextInt(MOST_HEAD_SIZE);
      for (int i = 0; i < qkv.length; i++) {
        qkv[i] = (float) random.nextGaussian();
      }
      for (int i = 0; i < keyBias.length; i++) {
        keyBias[i] = random.nextBoolean() ? 0f : -10000f;
      }
    }

    @Override
    public void run(Attention function) {
      run(function, null, 0);
      run(function, keyBias, tokens * headSize);
    }

    private void run(Attention function, float @Nullable [] bias, int to) {
      int d = headSize;
      function.run(tokens, 1, d, 0.3f, qkv, 0, d, 2 * d, 3 * d, bias, 0, context, to, d, scratch);
    }

    @Override
    public float[] output() {
      return context;
    }
  }
}
