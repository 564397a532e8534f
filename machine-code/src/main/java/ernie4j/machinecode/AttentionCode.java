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

import ernie4j.machinecode.assembler.Label;
import ernie4j.machinecode.x86.Address;
import ernie4j.machinecode.x86.Assembler;
import ernie4j.machinecode.x86.Condition;
import ernie4j.machinecode.x86.Gpr;
import ernie4j.machinecode.x86.Vector;
import java.util.List;

/**
 * A function that computes the attention of one head for a block of queries, one per lane of one or
 * two vectors. A vector holds the scores of its queries for one key, so softmax needs no sum across
 * lanes. All additions have the order of the plain kernels.
 *
 * <p>With two vectors, ten loads serve sixteen multiply-adds of scores; with one, nine serve eight,
 * and a core that loads one vector of 512 bits per cycle waits for them.
 *
 * <pre>
 * transpose the queries
 * for each key: score = key bias + key . query, d ascending
 * for each key: e^(score - maximum), added to lane (key mod 16) of the sum
 * for each query: context = sum over keys of e^... * value, times 1 / sum
 * </pre>
 *
 * <p>Its arguments are the addresses of the queries, of the scaled keys (rows side by side), of the
 * values, of the context, of the scratch and of the key biases, then the tokens, the bytes between
 * rows of queries and values, those between rows of the context, and the number of queries, which
 * must not fit into fewer vectors. Lanes beyond the last query hold arbitrary values, which are
 * computed but not stored.
 */
final class AttentionCode {
  /** The number of lanes of the sum of a row, on every machine. */
  private static final int SUM_LANES = 16;

  /**
   * The number of queries processed at a time in the context: enough sums to hide their latency.
   */
  private static final int QUERIES = 4;

  private static final Gpr QUERY_ROWS = RDI;
  private static final Gpr KEY_ROWS = RSI;
  private static final Gpr VALUE_ROWS = RDX;
  private static final Gpr CONTEXT_ROWS = RCX;
  private static final Gpr SCRATCH = R8;
  private static final Gpr BIAS = R9;
  private static final List<Gpr> SAVED = List.of(RBX, RBP, R12, R13, R14, R15);

  private static final int STACK = 8 * (SAVED.size() + 1);
  private static final Address TOKENS = at(RSP, STACK);
  private static final Address STRIDE = at(RSP, STACK + 8);
  private static final Address CONTEXT_STRIDE = at(RSP, STACK + 16);
  private static final Address QUERY_COUNT = at(RSP, STACK + 24);

  private final Assembler code = new Assembler();
  private final Simd simd;
  private final int headSize;
  private final long constants;
  private final int bytes;
  private final int lanes;
  private final int vectors;
  private final int keys;

  /**
   * @param vectors the vectors of queries, 1 or 2
   */
  AttentionCode(int bits, int headSize, int vectors, long constants) {
    simd = new Simd(code, bits);
    this.headSize = headSize;
    this.constants = constants;
    bytes = simd.bytes();
    lanes = bytes / Float.BYTES;
    this.vectors = vectors;
    // As many keys at a time as leave registers for queries and keys: enough sums to hide latency.
    keys = simd.registers() == 32 || vectors == 1 ? 8 : 4;
  }

  /** Bytes of scratch memory: transposed queries, lanes of the sums, 1 / sum, and scores. */
  static long scratch(int bits, int headSize, int vectors, int tokens) {
    return (vectors * ((long) headSize + tokens) + SUM_LANES + 1) * (bits / 8);
  }

  /** The bytes of a vector for each query of the block. */
  private int block() {
    return vectors * bytes;
  }

  private int sums() {
    return headSize * block();
  }

  private int inverse() {
    return sums() + SUM_LANES * bytes;
  }

  private int scores() {
    return inverse() + bytes;
  }

  byte[] assemble() {
    SAVED.forEach(code::push);
    transposeQueries();
    code.mov(RAX, constants);
    keyScores();
    int most = simd.registers() == 32 ? 4 : 2;
    int strips = (headSize + lanes - 1) / lanes;
    for (int vector = 0; vector < vectors; vector++) {
      code.mov(RAX, constants);
      exponentials(vector);
      invertSums();
      simd.setPartial(mask(), headSize % lanes, constants, RAX);
      for (int strip = 0; strip < strips; strip += most) {
        context(vector, strip, Math.min(most, strips - strip));
      }
    }
    SAVED.reversed().forEach(code::pop);
    code.vzeroupper();
    code.ret();
    return code.code();
  }

  /** Transposes the block column by column, one value at a time. */
  private void transposeQueries() {
    Label query = new Label();
    Label value = new Label();
    Vector x = simd.register(0).low(128);
    code.mov(R11, QUERY_COUNT);
    code.mov(RBX, QUERY_ROWS);
    code.mov(RBP, SCRATCH);
    code.bind(query);
    code.mov(R12, RBX);
    code.mov(R13, RBP);
    code.mov(R14, headSize);
    code.bind(value);
    code.vbroadcastss(x, at(R12));
    code.vmovd(at(R13), x);
    code.add(R12, Float.BYTES);
    code.add(R13, block());
    code.sub(R14, 1);
    code.jump(Condition.NOT_EQUAL, value);
    code.add(RBX, STRIDE);
    code.add(RBP, Float.BYTES);
    code.sub(R11, 1);
    code.jump(Condition.NOT_EQUAL, query);
  }

  private void keyScores() {
    Label many = new Label();
    Label one = new Label();
    Label done = new Label();
    for (int vector = 0; vector < vectors; vector++) {
      code.vmovups(maximum(vector), at(RAX, Constants.MINUS_INFINITY.offset()));
    }
    code.mov(R11, TOKENS);
    code.mov(RBX, KEY_ROWS);
    code.mov(RBP, BIAS);
    code.mov(R12, SCRATCH);
    code.add(R12, scores());
    code.bind(many);
    code.cmp(R11, keys);
    code.jump(Condition.LESS, one);
    keyScores(keys);
    code.jmp(many);
    code.bind(one);
    code.cmp(R11, 0);
    code.jump(Condition.EQUAL, done);
    keyScores(1);
    code.jmp(one);
    code.bind(done);
  }

  /** The greatest scores of the queries in a vector, until {@link #exponentials} has used them. */
  private Vector maximum(int vector) {
    return simd.register(simd.registers() - 1 - vector);
  }

  /** Computes the scores of some keys; their sums are in the first registers. */
  private void keyScores(int count) {
    Label loop = new Label();
    int row = headSize * Float.BYTES;
    int sums = count * vectors;
    for (int i = 0; i < sums; i++) {
      code.vbroadcastss(simd.register(i), at(RBP, i / vectors * Float.BYTES));
    }
    code.mov(R13, RBX);
    code.mov(R15, SCRATCH);
    code.mov(R14, headSize);
    code.align(32);
    code.bind(loop);
    for (int v = 0; v < vectors; v++) {
      code.vmovups(simd.register(sums + v), at(R15, v * bytes));
    }
    int used = sums + vectors;
    for (int i = 0; i < count; i++) {
      Vector key = simd.register(used + i % (simd.registers() - vectors - used));
      code.vbroadcastss(key, at(R13, i * row));
      for (int v = 0; v < vectors; v++) {
        code.vfmadd231ps(simd.register(i * vectors + v), key, simd.register(sums + v));
      }
    }
    code.add(R13, Float.BYTES);
    code.add(R15, block());
    code.sub(R14, 1);
    code.jump(Condition.NOT_EQUAL, loop);
    for (int i = 0; i < sums; i++) {
      Vector greatest = maximum(i % vectors);
      code.vmaxps(greatest, greatest, simd.register(i));
      code.vmovups(at(R12, i * bytes), simd.register(i));
    }
    code.add(RBX, count * row);
    code.add(RBP, count * Float.BYTES);
    code.add(R12, count * block());
    code.sub(R11, count);
  }

  /** Computes all of softmax except the division; RAX points to the constants. */
  private void exponentials(int vector) {
    Label power = new Label();
    Vector maximum = maximum(vector);
    Vector x = simd.register(1);
    Vector t = simd.register(2);
    code.vpxor(x, x, x);
    for (int lane = 0; lane < SUM_LANES; lane++) {
      code.vmovups(at(SCRATCH, sums() + lane * bytes), x);
    }
    code.mov(R14, SCRATCH);
    code.add(R14, sums());
    code.mov(R13, 0);
    startAtScores(vector);
    code.bind(power);
    code.vmovups(x, at(R12));
    code.vsubps(x, x, maximum);
    new ExpCode(code, RAX).apply(x, t, simd.register(3), simd.register(4));
    code.vmovups(at(R12), x);
    code.vaddps(x, x, at(R14, R13, 1));
    code.vmovups(at(R14, R13, 1), x);
    code.add(R13, bytes);
    code.and(R13, SUM_LANES * bytes - 1);
    code.add(R12, block());
    code.sub(R11, 1);
    code.jump(Condition.NOT_EQUAL, power);
  }

  private void startAtScores(int vector) {
    code.mov(R11, TOKENS);
    code.mov(R12, SCRATCH);
    code.add(R12, scores() + vector * bytes);
  }

  /** Computes 1 / sum of the lanes, which are added by halves. */
  private void invertSums() {
    int half = SUM_LANES / 2;
    for (int lane = 0; lane < half; lane++) {
      Vector sum = simd.register(lane);
      code.vmovups(sum, at(SCRATCH, sums() + lane * bytes));
      code.vaddps(sum, sum, at(SCRATCH, sums() + (lane + half) * bytes));
    }
    for (half /= 2; half > 0; half /= 2) {
      for (int lane = 0; lane < half; lane++) {
        code.vaddps(simd.register(lane), simd.register(lane), simd.register(lane + half));
      }
    }
    Vector one = simd.register(1);
    code.vmovups(one, at(RAX, Constants.ONE.offset()));
    code.vdivps(one, one, simd.register(0));
    code.vmovups(at(SCRATCH, inverse()), one);
  }

  /** Computes the columns of the context that belong to some strips, a few queries at a time. */
  private void context(int vector, int first, int strips) {
    Label tile = new Label();
    Label loop = new Label();
    Label done = new Label();
    int column = first * bytes;
    code.mov(RBX, SCRATCH);
    code.add(RBX, inverse());
    code.mov(R12, SCRATCH);
    code.add(R12, scores() + vector * bytes);
    startAtQuery(vector);
    code.bind(tile);
    for (int i = 0; i < QUERIES * strips; i++) {
      code.vpxor(simd.register(i), simd.register(i), simd.register(i));
    }
    code.mov(R13, R12);
    code.mov(R14, VALUE_ROWS);
    code.mov(R15, TOKENS);
    code.mov(R10, STRIDE);
    code.align(32);
    code.bind(loop);
    for (int strip = 0; strip < strips; strip++) {
      load(simd.register(QUERIES * strips + strip), at(R14, column + strip * bytes), first + strip);
    }
    for (int query = 0; query < QUERIES; query++) {
      code.vbroadcastss(factor(strips), at(R13, query * Float.BYTES));
      for (int strip = 0; strip < strips; strip++) {
        Vector value = simd.register(QUERIES * strips + strip);
        code.vfmadd231ps(simd.register(query * strips + strip), factor(strips), value);
      }
    }
    code.add(R13, block());
    code.add(R14, R10);
    code.sub(R15, 1);
    code.jump(Condition.NOT_EQUAL, loop);
    for (int query = 0; query < QUERIES; query++) {
      code.vbroadcastss(factor(strips), at(RBX, query * Float.BYTES));
      for (int strip = 0; strip < strips; strip++) {
        Vector sum = simd.register(query * strips + strip);
        code.vmulps(sum, sum, factor(strips));
        store(at(RBP, column + strip * bytes), sum, first + strip);
      }
      code.add(RBP, CONTEXT_STRIDE);
      code.sub(R11, 1);
      code.jump(Condition.EQUAL, done);
    }
    code.add(R12, QUERIES * Float.BYTES);
    code.add(RBX, QUERIES * Float.BYTES);
    code.jmp(tile);
    code.bind(done);
  }

  /**
   * Sets R11 to the number of queries in a vector, and RBP to the first one's row of the context.
   */
  private void startAtQuery(int vector) {
    code.mov(RBP, CONTEXT_ROWS);
    if (vector < vectors - 1) {
      code.mov(R11, lanes);
    } else {
      code.mov(R11, QUERY_COUNT);
      code.sub(R11, vector * lanes);
      code.mov(R10, CONTEXT_STRIDE);
      code.imul(R10, R10, vector * lanes);
      code.add(RBP, R10);
    }
  }

  private Vector factor(int strips) {
    return simd.register((QUERIES + 1) * strips);
  }

  /** The mask of the last strip, if masks are vector registers. */
  private Vector mask() {
    return simd.register(simd.registers() - 1);
  }

  private boolean isPartial(int strip) {
    return (strip + 1) * lanes > headSize;
  }

  private void load(Vector to, Address from, int strip) {
    if (isPartial(strip)) {
      simd.loadPartial(to, from, mask());
    } else {
      code.vmovups(to, from);
    }
  }

  private void store(Address to, Vector from, int strip) {
    if (isPartial(strip)) {
      simd.storePartial(to, from, mask());
    } else {
      code.vmovups(to, from);
    }
  }
}
