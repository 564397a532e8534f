package ernie4j.engine.kernels;

import ernie4j.engine.kernels.WarmingKernels.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The units of {@link VectorWarmUp}: every size of a tile, then the other kernels. */
final class WarmUpUnits {
  /** Length of the sums of a tile. */
  private static final int SUM = 64;

  /** Values for the other kernels: whole vectors and a tail. */
  private static final int VALUES = 8 * LaneSums.LANES + 3;

  /** Empty calls from which on a method is in C2's queue on an idle machine. */
  private static final int ENOUGH_CALLS = 6000;

  /** So many empty calls come before each real one. */
  private static final int EMPTY_CALLS = 20;

  /** Empty calls between pauses. */
  private static final int MORE_EMPTY_CALLS = 100;

  /** Calls between pauses of a unit that is warmed by real calls only. */
  private static final int REAL_CALLS = 20;

  private static final int INT8_ROWS = 64;

  private static final int TOKENS = 7;
  private static final int HEAD_SIZE = 24;

  private final TileSwitch tiles;
  private final WarmingKernels standIn;
  private final Kernels plain = new ScalarKernels();
  private final Kernels vector;
  private final List<VectorWarmUp.Unit> units = new ArrayList<>();

  private final float[] a = new float[4 * VALUES];
  private final float[] b = new float[SUM * VectorPanels.WIDTH];
  private final float[] c = new float[4 * VALUES];
  private final float[] ones = new float[VALUES];
  private final float[] context = new float[TOKENS * HEAD_SIZE];
  private final float[] scratch;
  private final Int8Matrix int8 =
      new Int8Matrix(INT8_ROWS, Int8Matrix.WIDTH, new float[Int8Matrix.WIDTH]);
  private final int[] codes = new int[4 * INT8_ROWS];
  private final int[] sums = new int[8 * Int8Matrix.WIDTH];

  private WarmUpUnits(TileSwitch tiles, WarmingKernels standIn) {
    this.tiles = tiles;
    this.standIn = standIn;
    // Attention needs tiles of many sizes and does not wait for them.
    vector = new VectorKernels(tiles::panel);
    scratch = new float[standIn.attentionScratch(TOKENS, HEAD_SIZE)];
    for (int i = 0; i < a.length; i++) {
      a[i] = (i % 17 - 8) * 0.25f;
    }
    Arrays.fill(ones, 1f);
  }

  /** All units, those that an encoder spends most time in first. */
  static List<VectorWarmUp.Unit> all(TileSwitch tiles, WarmingKernels standIn) {
    WarmUpUnits all = new WarmUpUnits(tiles, standIn);
    all.addTiles(VectorPanels.VECTORS);
    all.addInference();
    for (int vectors = VectorPanels.VECTORS - 1; vectors >= 1; vectors--) {
      all.addTiles(vectors);
    }
    all.addTraining();
    return all.units;
  }

  private void addTiles(int vectors) {
    for (int rows = VectorPanels.mostRows(vectors); rows >= 1; rows--) {
      units.add(new Tile(vectors, rows));
    }
  }

  private void addInference() {
    units.add(new PartUnit(Part.INT8, true, this::int8, this::emptyInt8));
    infer(Part.GELU, k -> k.gelu(VALUES, a, 0, c, 0));
    infer(
        Part.SOFTMAX,
        k -> {
          System.arraycopy(a, 0, c, 0, VALUES);
          k.softmax(1, VALUES, c, 0, VALUES);
        });
    infer(Part.ATTENTION, this::attention);
    infer(Part.LAYER_NORM, this::layerNorm);
    infer(Part.TANH, k -> k.tanh(VALUES, a, 0, c, 0));
  }

  private void addTraining() {
    train(Part.GELU_BACKWARD, k -> k.geluBackward(VALUES, a, 0, a, 0, c, 0));
    train(
        Part.LAYER_NORM_BACKWARD,
        k -> k.layerNormBackward(1, VALUES, a, ones, 0, ones, a, c, 0, VALUES));
    train(Part.DROPOUT, k -> k.dropout(VALUES, a, 0, c, 0, 0.5f, 1, 0));
    train(Part.COLUMN_SUMS, k -> k.columnSums(2, VALUES, a, 0, VALUES, c, 0));
  }

  private void attention(Kernels kernels) {
    int width = HEAD_SIZE;
    for (float[] keyBias : new float[][] {null, ones}) {
      kernels.attention(
          TOKENS, 1, width, 1, a, 0, width, width, 2 * width, keyBias, 0, context, 0, width,
          scratch);
    }
  }

  private void layerNorm(Kernels kernels) {
    int n = VALUES;
    kernels.layerNorm(1, n, a, a, 0, n, ones, ones, 1e-5f, c, 0, n, c, 0);
    kernels.layerNorm(1, n, a, null, 0, n, ones, ones, 1e-5f, c, 0, n, null, 0);
  }

  private void int8(Kernels kernels) {
    for (int rows = 1; rows <= 4; rows++) {
      int n = INT8_ROWS;
      int width = Int8Matrix.WIDTH;
      kernels.gemmInt8(rows, a, 0, n, rows % 2, int8, ones, c, 0, width);
    }
  }

  private void emptyInt8() {
    for (int rows = 1; rows <= 4; rows++) {
      Int8VectorTiles.tile(
          rows, 0, codes, 0, INT8_ROWS, int8.codes(), 0, 0, sums, 0, 0, 2 * Int8Matrix.WIDTH);
    }
  }

  private void infer(Part part, Consumer<Kernels> work) {
    units.add(new PartUnit(part, true, work, null));
  }

  private void train(Part part, Consumer<Kernels> work) {
    units.add(new PartUnit(part, false, work, null));
  }

  private static void call(Runnable work, int times) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }

  /**
   * C2 goes by the number of calls, so nearly all of them do nothing; the real ones show it what is
   * inside.
   */
  private static void callMostlyEmpty(Runnable empty, Runnable real) {
    for (int calls = 0; calls < ENOUGH_CALLS; calls += EMPTY_CALLS) {
      call(empty, EMPTY_CALLS);
      real.run();
    }
  }

  /**
   * Warmed by real calls, unless there are empty ones: those are only for a kernel whose work is in
   * methods that return at length 0 and call nothing of ours.
   */
  private final class PartUnit implements VectorWarmUp.Unit {
    private final Part part;
    private final boolean inference;
    private final Consumer<Kernels> work;
    private final @Nullable Runnable empty;

    PartUnit(Part part, boolean inference, Consumer<Kernels> work, @Nullable Runnable empty) {
      this.part = part;
      this.inference = inference;
      this.work = work;
      this.empty = empty;
    }

    @Override
    public String name() {
      return part.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Override
    public long waiting() {
      return standIn.waiting(part);
    }

    @Override
    public boolean needed() {
      return inference || waiting() > 0;
    }

    @Override
    public void begin() {
      if (empty != null) {
        callMostlyEmpty(empty, this::vector);
      }
    }

    @Override
    public void again() {
      if (empty != null) {
        call(empty, MORE_EMPTY_CALLS);
      } else {
        call(this::vector, REAL_CALLS);
      }
    }

    @Override
    public void vector() {
      work.accept(vector);
    }

    @Override
    public void plain() {
      work.accept(plain);
    }

    @Override
    public void handOver() {
      standIn.handOver(part);
    }
  }

  private final class Tile implements VectorWarmUp.Unit {
    private final int vectors;
    private final int rows;
    private final int width;

    Tile(int vectors, int rows) {
      this.vectors = vectors;
      this.rows = rows;
      width = vectors * VectorPanels.LANES;
    }

    @Override
    public String name() {
      return "tile of %d rows by %d vectors".formatted(rows, vectors);
    }

    @Override
    public long waiting() {
      return tiles.waiting(vectors, rows);
    }

    @Override
    public boolean needed() {
      return true;
    }

    @Override
    public void begin() {
      callMostlyEmpty(this::empty, this::vector);
    }

    @Override
    public void again() {
      call(this::empty, MORE_EMPTY_CALLS);
    }

    private void empty() {
      Tiles.panel(width, rows, 0, a, 0, SUM, b, 0, ones, 0, 0, c, 0, width);
    }

    @Override
    public void vector() {
      Tiles.panel(width, rows, SUM, a, 0, SUM, b, 0, ones, 0, 0, c, 0, width);
    }

    @Override
    public void plain() {
      PlainTiles.panel(width, rows, SUM, a, 0, SUM, b, 0, ones, 0, 0, c, 0, width);
    }

    @Override
    public void handOver() {
      tiles.handOver(vectors, rows);
    }
  }
}
