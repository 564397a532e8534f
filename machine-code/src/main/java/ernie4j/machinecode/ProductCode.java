package ernie4j.machinecode;

import static ernie4j.machinecode.x86.Address.at;
import static ernie4j.machinecode.x86.Gpr.R10;
import static ernie4j.machinecode.x86.Gpr.R11;
import static ernie4j.machinecode.x86.Gpr.R12;
import static ernie4j.machinecode.x86.Gpr.R13;
import static ernie4j.machinecode.x86.Gpr.R14;
import static ernie4j.machinecode.x86.Gpr.R15;
import static ernie4j.machinecode.x86.Gpr.R8;
import static ernie4j.machinecode.x86.Gpr.R9;
import static ernie4j.machinecode.x86.Gpr.RAX;
import static ernie4j.machinecode.x86.Gpr.RBP;
import static ernie4j.machinecode.x86.Gpr.RBX;
import static ernie4j.machinecode.x86.Gpr.RCX;
import static ernie4j.machinecode.x86.Gpr.RDI;
import static ernie4j.machinecode.x86.Gpr.RDX;
import static ernie4j.machinecode.x86.Gpr.RSI;
import static ernie4j.machinecode.x86.Gpr.RSP;

import ernie4j.machinecode.x86.Address;
import ernie4j.machinecode.x86.Assembler;
import ernie4j.machinecode.x86.Condition;
import ernie4j.machinecode.x86.Gpr;
import ernie4j.machinecode.x86.Label;
import ernie4j.machinecode.x86.Vector;
import java.util.List;

/**
 * A function that multiplies rows of A by panels of B:
 *
 * <pre>
 * for each panel of B:
 *   for each tile of rows:
 *     start the sums; for each k: load B, and for each row broadcast A and multiply-add
 *     finish the sums; store the tile
 * </pre>
 *
 * <p>Its arguments are the addresses of A, B, C and the bias, then the bytes between the rows of A
 * and of C, the steps of a sum, the tiles of rows, the panels, and {@link Simd#partial}. The strips
 * of a panel are stored step by step, so B is one stream.
 */
abstract class ProductCode {
  static final Gpr A_STRIDE = R8;
  static final Gpr C_STRIDE = R9;

  /** Advances through the panel. */
  static final Gpr B = RSI;

  private static final Gpr COUNT = RCX;
  private static final Gpr C_TILE = RDX;
  private static final Gpr TILES_LEFT = RBX;
  private static final Gpr A_TILE = RBP;
  private static final Gpr THREE_A_STRIDES = R11;
  private static final Gpr A_FIRST = R12;
  private static final Gpr BIAS = R13;
  private static final Gpr C_PANEL = R14;
  private static final Gpr B_PANEL = R15;

  /** Rows 0 to 3 of A, 4 to 7, and 8 to 11; they advance along the rows. */
  private static final List<Gpr> A_ROWS = List.of(RDI, RAX, R10);

  private static final List<Gpr> SAVED = List.of(RBX, RBP, R12, R13, R14, R15);

  // The arguments on the stack, after the saved registers and the return address.
  private static final int STACK = 8 * (SAVED.size() + 1);
  private static final Address A_STRIDE_BYTES = at(RSP, STACK);
  private static final Address C_STRIDE_BYTES = at(RSP, STACK + 8);
  private static final Address STEPS = at(RSP, STACK + 16);
  private static final Address TILES = at(RSP, STACK + 24);
  private static final Address PANELS = at(RSP, STACK + 32);
  private static final Address PARTIAL = at(RSP, STACK + 40);

  /** Bytes of a row of A that one step consumes. */
  private static final int A_STEP = 4;

  final Assembler code = new Assembler();
  final Simd simd;
  final Variant variant;
  private final long constants;

  /**
   * @param constants the address of {@link Constants.Table}
   */
  ProductCode(Blocking blocking, Variant variant, long constants) {
    this.variant = variant;
    this.constants = constants;
    simd = new Simd(code, blocking.bits());
  }

  /** Sets the initial sums; B points to the panel. */
  abstract void start();

  /** Adds the products of a vector of B to the sums of a strip, for one row. */
  abstract void multiplyAdd(int row, int strip);

  /** Loads a vector of B. */
  abstract void loadB(int strip);

  /** Bytes of B that one vector of a step needs. */
  abstract int bVector();

  /** Converts the sums to results, before GELU; B points after the last step. */
  abstract void finish();

  byte[] assemble() {
    Label panel = new Label();
    Label tile = new Label();
    SAVED.forEach(code::push);
    if (variant.partial()) {
      simd.takePartial(PARTIAL, RAX);
    }
    code.mov(A_FIRST, RDI);
    code.mov(B_PANEL, RSI);
    code.mov(C_PANEL, RDX);
    code.mov(BIAS, RCX);
    code.mov(A_STRIDE, A_STRIDE_BYTES);
    code.mov(C_STRIDE, C_STRIDE_BYTES);
    code.lea(THREE_A_STRIDES, at(A_STRIDE, A_STRIDE, 2));

    code.bind(panel);
    code.mov(TILES_LEFT, TILES);
    code.mov(A_TILE, A_FIRST);
    code.mov(C_TILE, C_PANEL);
    code.bind(tile);
    tile();
    code.imul(RAX, A_STRIDE, variant.rows());
    code.add(A_TILE, RAX);
    code.sub(TILES_LEFT, 1);
    code.jump(Condition.NOT_EQUAL, tile);
    code.mov(B_PANEL, B);
    code.add(C_PANEL, variant.strips() * simd.bytes());
    code.add(BIAS, variant.strips() * simd.bytes());
    code.dec(PANELS);
    code.jump(Condition.NOT_EQUAL, panel);

    SAVED.reversed().forEach(code::pop);
    code.vzeroupper();
    code.ret();
    return code.code();
  }

  private void tile() {
    code.mov(B, B_PANEL);
    start();
    pointToRows();
    steps();
    finish();
    if (variant.gelu()) {
      code.mov(RAX, constants);
      new GeluCode(code, RAX).apply(simd, sums());
    }
    store();
  }

  /** Sets the pointers to the rows of the tile in A. */
  final void pointToRows() {
    code.mov(A_ROWS.get(0), A_TILE);
    for (int i = 1; 4 * i < variant.rows(); i++) {
      code.lea(A_ROWS.get(i), at(A_ROWS.get(i - 1), A_STRIDE, 4));
    }
  }

  /** The address of a row of the tile in A. */
  final Address row(int row, int displacement) {
    Gpr base = A_ROWS.get(row / 4);
    return switch (row % 4) {
      case 0 -> at(base, displacement);
      case 1 -> at(base, A_STRIDE, 1).plus(displacement);
      case 2 -> at(base, A_STRIDE, 2).plus(displacement);
      default -> at(base, THREE_A_STRIDES, 1).plus(displacement);
    };
  }

  /** The loop over k. */
  private void steps() {
    Label loop = new Label();
    code.mov(COUNT, STEPS);
    code.align(32);
    code.bind(loop);
    for (int strip = 0; strip < variant.strips(); strip++) {
      loadB(strip);
    }
    for (int row = 0; row < variant.rows(); row++) {
      code.vbroadcastss(a(row), row(row, 0));
      for (int strip = 0; strip < variant.strips(); strip++) {
        multiplyAdd(row, strip);
      }
    }
    for (int i = 0; 4 * i < variant.rows(); i++) {
      code.add(A_ROWS.get(i), A_STEP);
    }
    code.add(B, variant.strips() * bVector());
    code.sub(COUNT, 1);
    code.jump(Condition.NOT_EQUAL, loop);
  }

  private void store() {
    if (variant.partial()) {
      simd.loadMask(mask(), PARTIAL, constants, RAX);
    }
    for (int row = 0; row < variant.rows(); row++) {
      for (int strip = 0; strip < variant.strips(); strip++) {
        Address place = at(C_TILE, strip * simd.bytes());
        if (isPartial(strip)) {
          simd.storePartial(place, sum(row, strip), mask());
        } else {
          code.vmovups(place, sum(row, strip));
        }
      }
      code.add(C_TILE, C_STRIDE);
    }
  }

  final boolean isPartial(int strip) {
    return variant.partial() && strip == variant.strips() - 1;
  }

  /** Loads the values of the bias that belong to a strip. */
  final void loadBias(Vector to, int strip, Vector mask) {
    loadStrip(to, at(BIAS, strip * simd.bytes()), strip, mask);
  }

  /** Loads the values of C into all sums. */
  final void startFromC() {
    if (variant.partial()) {
      simd.loadMask(mask(), PARTIAL, constants, RAX);
    }
    code.mov(RAX, C_TILE);
    for (int row = 0; row < variant.rows(); row++) {
      for (int strip = 0; strip < variant.strips(); strip++) {
        loadStrip(sum(row, strip), at(RAX, strip * simd.bytes()), strip, mask());
      }
      code.add(RAX, C_STRIDE);
    }
  }

  /** Prepares the mask of the last strip; overwrites RAX. */
  final void loadMask(Vector mask) {
    simd.loadMask(mask, PARTIAL, constants, RAX);
  }

  private void loadStrip(Vector to, Address from, int strip, Vector mask) {
    if (isPartial(strip)) {
      simd.loadPartial(to, from, mask);
    } else {
      code.vmovups(to, from);
    }
  }

  /** Copies the sums of the first row to all others. */
  final void startAllLikeTheFirst() {
    for (int row = 1; row < variant.rows(); row++) {
      for (int strip = 0; strip < variant.strips(); strip++) {
        code.vmovaps(sum(row, strip), sum(0, strip));
      }
    }
  }

  /** The number of registers that hold sums. */
  final int sums() {
    return variant.rows() * variant.strips();
  }

  final Vector sum(int row, int strip) {
    return simd.register(row * variant.strips() + strip);
  }

  final Vector b(int strip) {
    return simd.register(sums() + strip);
  }

  /** A register that holds neither a sum nor, in the loop, a value of B. */
  final Vector free(int number) {
    return simd.register(sums() + variant.strips() + number);
  }

  /** The number of {@link #free} registers. */
  final int freeRegisters() {
    return simd.registers() - sums() - variant.strips();
  }

  /** The value of A of a row; adjacent rows have different registers if there are enough. */
  Vector a(int row) {
    return free(row % freeRegisters());
  }

  /** The mask of the last strip outside of the loop, where no values of B are loaded. */
  private Vector mask() {
    return simd.register(simd.registers() - 1);
  }
}
