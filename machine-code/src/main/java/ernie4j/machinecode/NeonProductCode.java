package ernie4j.machinecode;

import static ernie4j.machinecode.aarch64.Address.at;
import static ernie4j.machinecode.aarch64.Gpr.SP;
import static ernie4j.machinecode.aarch64.Gpr.X0;
import static ernie4j.machinecode.aarch64.Gpr.X1;
import static ernie4j.machinecode.aarch64.Gpr.X10;
import static ernie4j.machinecode.aarch64.Gpr.X11;
import static ernie4j.machinecode.aarch64.Gpr.X12;
import static ernie4j.machinecode.aarch64.Gpr.X13;
import static ernie4j.machinecode.aarch64.Gpr.X14;
import static ernie4j.machinecode.aarch64.Gpr.X15;
import static ernie4j.machinecode.aarch64.Gpr.X16;
import static ernie4j.machinecode.aarch64.Gpr.X17;
import static ernie4j.machinecode.aarch64.Gpr.X19;
import static ernie4j.machinecode.aarch64.Gpr.X2;
import static ernie4j.machinecode.aarch64.Gpr.X20;
import static ernie4j.machinecode.aarch64.Gpr.X21;
import static ernie4j.machinecode.aarch64.Gpr.X22;
import static ernie4j.machinecode.aarch64.Gpr.X23;
import static ernie4j.machinecode.aarch64.Gpr.X24;
import static ernie4j.machinecode.aarch64.Gpr.X25;
import static ernie4j.machinecode.aarch64.Gpr.X26;
import static ernie4j.machinecode.aarch64.Gpr.X3;
import static ernie4j.machinecode.aarch64.Gpr.X4;
import static ernie4j.machinecode.aarch64.Gpr.X5;
import static ernie4j.machinecode.aarch64.Gpr.X6;
import static ernie4j.machinecode.aarch64.Gpr.X7;
import static ernie4j.machinecode.aarch64.Gpr.X8;
import static ernie4j.machinecode.aarch64.Gpr.X9;

import ernie4j.machinecode.aarch64.Assembler;
import ernie4j.machinecode.aarch64.Condition;
import ernie4j.machinecode.aarch64.Gpr;
import ernie4j.machinecode.aarch64.Vector;
import ernie4j.machinecode.assembler.Label;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link ProductCode} for AArch64, with the same arguments and panels:
 *
 * <pre>
 * for each panel of B:
 *   for each tile of rows:
 *     start the sums; for some steps at a time: load A, and for each step load B and multiply-add
 *     finish the sums; store the tile
 * </pre>
 *
 * <p>A vector of a row of A holds several steps, and an instruction uses one of them for all of its
 * lanes, so nothing is broadcast. A function restores X19 to X28 and the lower halves of V8 to V15,
 * as the calling convention (AAPCS64) requires.
 */
abstract class NeonProductCode {
  static final int BYTES = 16;

  /** Advances through the panel. */
  static final Gpr B = X4;

  private static final Gpr A_FIRST = X0;
  private static final Gpr B_PANEL = X1;
  private static final Gpr C_PANEL = X2;
  private static final Gpr BIAS = X3;
  private static final Gpr C_TILE = X5;
  private static final Gpr A_STRIDE = X6;
  private static final Gpr C_STRIDE = X7;

  /** Advance along the rows of A. */
  private static final List<Gpr> A_ROWS = List.of(X8, X9, X10, X11, X12, X13, X14, X15);

  private static final Gpr SCRATCH = X16;
  private static final Gpr CONSTANTS = X17;
  private static final Gpr A_TILE = X19;
  private static final Gpr STEPS = X20;
  private static final Gpr TILES = X21;
  private static final Gpr PANELS_LEFT = X22;
  private static final Gpr PARTIAL = X23;
  private static final Gpr COUNT = X24;
  private static final Gpr TILES_LEFT = X25;

  private static final List<Gpr> SAVED = List.of(X19, X20, X21, X22, X23, X24, X25, X26);
  private static final int FIRST_SAVED_VECTOR = 8;
  private static final int SAVED_VECTORS = 8;
  private static final int STACK = (SAVED.size() + SAVED_VECTORS) * Long.BYTES;

  final Assembler code = new Assembler();
  final Variant variant;
  private final NeonPartial lastLanes = new NeonPartial(code, PARTIAL, SCRATCH);
  private final long constants;

  /**
   * @param constants the address of {@link Constants.Table}
   */
  NeonProductCode(Variant variant, long constants) {
    this.variant = variant;
    this.constants = constants;
    if (variant.rows() > A_ROWS.size()) {
      throw new IllegalArgumentException("no registers for so many rows: " + variant.rows());
    }
  }

  /** Sets the initial sums; B points to the panel. */
  abstract void start();

  /** The number of steps that {@link #steps} can do at a time, more than one. */
  abstract int most();

  /** Adds the products of one or {@link #most} steps; advances the rows of A, and B. */
  abstract void steps(int count);

  /** Converts the sums to results, before GELU; B points after the last step. */
  abstract void finish();

  /** The register with the values of a strip of a row of the tile, once finished. */
  abstract Vector sum(int row, int strip);

  /** The number of registers that hold sums, starting with the first. */
  abstract int sums();

  final byte[] assemble() {
    Label panel = new Label();
    Label tile = new Label();
    save();
    code.ldr(STEPS, at(SP, STACK));
    code.ldr(TILES, at(SP, STACK + 8));
    code.ldr(PANELS_LEFT, at(SP, STACK + 16));
    code.ldr(PARTIAL, at(SP, STACK + 24));
    if (variant.gelu()) {
      code.mov(CONSTANTS, constants);
    }

    code.bind(panel);
    code.mov(TILES_LEFT, TILES);
    code.mov(A_TILE, A_FIRST);
    code.mov(C_TILE, C_PANEL);
    code.bind(tile);
    tile();
    code.mov(SCRATCH, variant.rows());
    code.madd(A_TILE, A_STRIDE, SCRATCH, A_TILE);
    code.subs(TILES_LEFT, TILES_LEFT, 1);
    code.b(Condition.NOT_EQUAL, tile);
    code.mov(B_PANEL, B);
    code.add(C_PANEL, C_PANEL, variant.strips() * BYTES);
    code.add(BIAS, BIAS, variant.strips() * BYTES);
    code.subs(PANELS_LEFT, PANELS_LEFT, 1);
    code.b(Condition.NOT_EQUAL, panel);

    restore();
    code.ret();
    return code.code();
  }

  private void save() {
    code.sub(SP, SP, STACK);
    for (int i = 0; i < SAVED.size(); i += 2) {
      code.stp(SAVED.get(i), SAVED.get(i + 1), at(SP, i * Long.BYTES));
    }
    for (int i = 0; i < SAVED_VECTORS; i += 2) {
      code.stpD(savedVector(i), savedVector(i + 1), at(SP, (SAVED.size() + i) * Long.BYTES));
    }
  }

  private void restore() {
    for (int i = 0; i < SAVED.size(); i += 2) {
      code.ldp(SAVED.get(i), SAVED.get(i + 1), at(SP, i * Long.BYTES));
    }
    for (int i = 0; i < SAVED_VECTORS; i += 2) {
      code.ldpD(savedVector(i), savedVector(i + 1), at(SP, (SAVED.size() + i) * Long.BYTES));
    }
    code.add(SP, SP, STACK);
  }

  private static Vector savedVector(int number) {
    return new Vector(FIRST_SAVED_VECTOR + number);
  }

  private void tile() {
    code.mov(B, B_PANEL);
    start();
    pointToRows();
    allSteps();
    finish();
    if (variant.gelu()) {
      new NeonGeluCode(code, CONSTANTS).apply(allSums(), sums());
    }
    store();
  }

  /** Sets the pointers to the rows of the tile in A. */
  final void pointToRows() {
    code.mov(row(0), A_TILE);
    for (int row = 1; row < variant.rows(); row++) {
      code.add(row(row), row(row - 1), A_STRIDE);
    }
  }

  /** The pointer to a row of the tile in A. */
  static Gpr row(int row) {
    return A_ROWS.get(row);
  }

  /** The loop over k: as many steps at a time as possible, and the rest one by one. */
  private void allSteps() {
    Label many = new Label();
    Label rest = new Label();
    Label one = new Label();
    Label done = new Label();
    code.subs(COUNT, STEPS, most());
    code.b(Condition.LESS, rest);
    code.align(32);
    code.bind(many);
    steps(most());
    code.subs(COUNT, COUNT, most());
    code.b(Condition.GREATER_OR_EQUAL, many);
    code.bind(rest);
    code.adds(COUNT, COUNT, most());
    code.b(Condition.EQUAL, done);
    code.bind(one);
    steps(1);
    code.subs(COUNT, COUNT, 1);
    code.b(Condition.NOT_EQUAL, one);
    code.bind(done);
  }

  private void store() {
    for (int row = 0; row < variant.rows(); row++) {
      for (int strip = 0; strip < variant.strips(); strip++) {
        if (isPartial(strip)) {
          lastLanes.store(sum(row, strip), C_TILE, strip * BYTES);
        } else {
          code.strQ(sum(row, strip), at(C_TILE, strip * BYTES));
        }
      }
      code.add(C_TILE, C_TILE, C_STRIDE);
    }
  }

  private boolean isPartial(int strip) {
    return variant.partial() && strip == variant.strips() - 1;
  }

  /** Loads the values of the bias that belong to a strip. */
  final void loadBias(Vector to, int strip) {
    loadStrip(to, BIAS, strip);
  }

  /** Loads the values of C into all sums. */
  final void startFromC() {
    code.mov(COUNT, C_TILE);
    for (int row = 0; row < variant.rows(); row++) {
      for (int strip = 0; strip < variant.strips(); strip++) {
        loadStrip(sum(row, strip), COUNT, strip);
      }
      code.add(COUNT, COUNT, C_STRIDE);
    }
  }

  private void loadStrip(Vector to, Gpr from, int strip) {
    if (isPartial(strip)) {
      lastLanes.load(to, from, strip * BYTES);
    } else {
      code.ldrQ(to, at(from, strip * BYTES));
    }
  }

  private List<Vector> allSums() {
    List<Vector> all = new ArrayList<>();
    for (int row = 0; row < variant.rows(); row++) {
      for (int strip = 0; strip < variant.strips(); strip++) {
        all.add(sum(row, strip));
      }
    }
    return all;
  }

  /** A register that holds no sums. */
  final Vector free(int number) {
    return new Vector(sums() + number);
  }
}
