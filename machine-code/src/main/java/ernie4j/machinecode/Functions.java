package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Functions that are assembled on first use: a model needs few of all variants, and start-up pays
 * only for those. May be shared between threads.
 */
final class Functions {
  // Read without a lock, because a segment has only final fields.
  private final @Nullable MemorySegment[] functions;
  private final ExecutableMemory memory;
  private final IntFunction<byte[]> assembler;

  /**
   * @param assembler returns the code of the function with a number
   */
  Functions(int count, ExecutableMemory memory, IntFunction<byte[]> assembler) {
    functions = new MemorySegment[count];
    this.memory = memory;
    this.assembler = assembler;
  }

  /**
   * @throws RefusalException if it does not exist yet and the operating system grants no memory
   */
  MemorySegment get(int number) {
    MemorySegment function = functions[number];
    return function == null ? assemble(number) : function;
  }

  /**
   * Makes sure that a product which adds to C lacks no function once it has begun: other kernels
   * could not restart it, because C has changed.
   *
   * @param columns the columns of C
   * @throws RefusalException as {@link #get}
   */
  void prepareToAdd(Blocking blocking, int m, int columns, boolean gelu) {
    if (gelu) {
      prepareToAdd(blocking, m, columns, false); // all parts of a long sum except the last
    }
    int tiles = (m + blocking.rows() - 1) / blocking.rows();
    int rest = columns % blocking.width();
    for (int rows = m / tiles; rows <= (m + tiles - 1) / tiles; rows++) {
      if (columns >= blocking.width()) {
        get(Variant.of(blocking, rows, blocking.width(), Variant.Start.C, gelu).index(blocking));
      }
      if (rest > 0) {
        get(Variant.of(blocking, rows, rest, Variant.Start.C, gelu).index(blocking));
      }
    }
  }

  private synchronized MemorySegment assemble(int number) {
    MemorySegment function = functions[number];
    if (function == null) {
      function = memory.install(() -> assembler.apply(number));
      functions[number] = function;
    }
    return function;
  }
}
