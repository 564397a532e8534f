package ernie4j.engine.kernels;

import ernie4j.engine.kernels.WarmingKernels.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The units of {@link VectorWarmUp}: every size of a tile, then the other kernels. */
final class WarmUpUnits {
  /** Length of the sums of a tile. */
  private static final int SUM = 64;

  /** Values for the other kernels: whole vectors and a tail. */
  private static final int VALUES = 8 * LaneSums.LANES + 3;

  private static final int EMPTY_CALLS = 20;

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
    units.add(new PartUnit(Part.INT8, this::emptyInt8, EMPTY_CALLS, this::int8));
    add(Part.GELU, k -> k.gelu(VALUES, a, 0, c, 0));
    add(
        Part.SOFTMAX,
        k -> {
          System.arraycopy(a, 0, c, 0, VALUES);
          k.softmax(1, VALUES, c, 0, VALUES);
        });
    add(Part.ATTENTION, this::attention);
    add(Part.LAYER_NORM, this::layerNorm);
    add(Part.TANH, k -> k.tanh(VALUES, a, 0, c, 0));
  }

  private void addTraining() {
    add(Part.GELU_BACKWARD, k -> k.geluBackward(VALUES, a, 0, a, 0, c, 0));
    add(
        Part.LAYER_NORM_BACKWARD,
        k -> k.layerNormBackward(1, VALUES, a, ones, ones, a, c, 0, VALUES));
    add(Part.DROPOUT, k -> k.dropout(VALUES, a, 0, c, 0, 0.5f, 1, 0));
    add(Part.COLUMN_SUMS, k -> k.columnSums(2, VALUES, a, 0, VALUES, c, 0));
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
    kernels.layerNorm(1, n, a, a, 0, n, ones, ones, 1e-5f, c, 0, n, c);
    kernels.layerNorm(1, n, a, null, 0, n, ones, ones, 1e-5f, c, 0, n, null);
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

  private void add(Part part, Consumer<Kernels> real) {
    units.add(new PartUnit(part, () -> {}, 0, real));
  }

  private final class PartUnit implements VectorWarmUp.Unit {
    private final Part part;
    private final Runnable empty;
    private final int emptyCalls;
    private final Consumer<Kernels> real;

    PartUnit(Part part, Runnable empty, int emptyCalls, Consumer<Kernels> real) {
      this.part = part;
      this.empty = empty;
      this.emptyCalls = emptyCalls;
      this.real = real;
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
    public void empty() {
      empty.run();
    }

    @Override
    public int emptyCalls() {
      return emptyCalls;
    }

    @Override
    public void vector() {
      real.accept(vector);
    }

    @Override
    public void plain() {
      real.accept(plain);
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
    public void empty() {
      Tiles.panel(width, rows, 0, a, 0, SUM, b, 0, ones, 0, 0, c, 0, width);
    }

    @Override
    public int emptyCalls() {
      return EMPTY_CALLS;
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
