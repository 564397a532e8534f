package ernie4j.machinecode;

import ernie4j.engine.kernels.KernelTable;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Attention with {@link AttentionCode}; may be shared between threads. */
final class Attention implements KernelTable.Attention {
  /** The functions that every head of a size needs; attention of one vector of queries. */
  private record HeadFunctions(MemorySegment scale, MemorySegment one) {}

  private final int bits;
  private final ExecutableMemory memory;
  private final Constants.Table constants;
  private final ThreadMemory scratch;
  private final Map<Integer, HeadFunctions> functions = new ConcurrentHashMap<>();

  /** Attention of two vectors of queries by head size, which short texts never need. */
  private final Map<Integer, MemorySegment> ofTwoVectors = new ConcurrentHashMap<>();

  Attention(int bits, ThreadMemory scratch, ExecutableMemory memory, Constants.Table constants) {
    this.bits = bits;
    this.scratch = scratch;
    this.memory = memory;
    this.constants = constants;
  }

  /** The smallest size: this class has its own scratch memory. */
  @Override
  public int scratch(int tokens, int headSize) {
    return 1;
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
      int contextOffset,
      int ldContext,
      float[] unused) {
    int width = heads * headSize;
    run(
        new Sizes(tokens, heads, headSize, scale, ld, ldContext),
        Operands.matrix(qkv, q, tokens, width, ld),
        Operands.matrix(qkv, k, tokens, width, ld),
        Operands.matrix(qkv, v, tokens, width, ld),
        keyBias == null ? null : Operands.matrix(keyBias, keyBiasOffset, 1, tokens, tokens),
        Operands.matrix(context, contextOffset, tokens, width, ldContext));
  }

  /** The arguments of a call that are not operands. */
  record Sizes(int tokens, int heads, int headSize, float scale, int ld, int ldContext) {}

  /** {@link #run} with operands that start at their first value and end after their last one. */
  void run(
      Sizes sizes,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      @Nullable MemorySegment keyBias,
      MemorySegment context) {
    int tokens = sizes.tokens;
    int n = sizes.headSize;
    HeadFunctions code = functions.computeIfAbsent(n, this::assemble);
    int lanes = bits / Float.SIZE;
    boolean byTwo = tokens > lanes && 4L * tokens * n * lanes <= Work.FLOAT32;
    MemorySegment two =
        byTwo ? ofTwoVectors.computeIfAbsent(n, this::assembleTwo) : MemorySegment.NULL;
    long blockBytes = AttentionCode.scratch(bits, n, byTwo ? 2 : 1, tokens);
    long biasBytes = Operands.bytes(tokens);
    MemorySegment all = scratch.get(blockBytes + biasBytes + Operands.bytes((long) tokens * n));
    MemorySegment block = all.asSlice(0, blockBytes);
    MemorySegment bias = all.asSlice(blockBytes, biasBytes);
    MemorySegment keys = all.asSlice(blockBytes + biasBytes);
    if (keyBias == null) {
      bias.fill((byte) 0);
    } else {
      bias = keyBias;
    }
    for (int head = 0; head < sizes.heads; head++) {
      int column = head * n;
      NativeCall.call(
          code.scale,
          Operands.part(k, column, tokens, n, sizes.ld),
          keys,
          MemorySegment.NULL,
          MemorySegment.NULL,
          Operands.bytes(sizes.ld),
          tokens,
          Float.floatToRawIntBits(sizes.scale),
          0,
          0,
          0);
      MemorySegment values = Operands.part(v, column, tokens, n, sizes.ld);
      for (int i = 0; i < tokens; ) {
        int queries = Math.min(byTwo ? 2 * lanes : lanes, tokens - i);
        long to = (long) i * sizes.ldContext + column;
        NativeCall.call(
            queries > lanes ? two : code.one,
            Operands.part(q, (long) i * sizes.ld + column, queries, n, sizes.ld),
            keys,
            values,
            Operands.part(context, to, queries, n, sizes.ldContext),
            block,
            bias,
            tokens,
            Operands.bytes(sizes.ld),
            Operands.bytes(sizes.ldContext),
            queries,
            0,
            0);
        i += queries;
      }
    }
  }

  private HeadFunctions assemble(int headSize) {
    long table = constants.address();
    return new HeadFunctions(
        memory.install(new ScaleCode(bits, headSize, table)::assemble),
        memory.install(new AttentionCode(bits, headSize, 1, table)::assemble));
  }

  private MemorySegment assembleTwo(int headSize) {
    return memory.install(new AttentionCode(bits, headSize, 2, constants.address())::assemble);
  }
}
