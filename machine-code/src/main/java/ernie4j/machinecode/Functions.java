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

  MemorySegment get(int number) {
    MemorySegment function = functions[number];
    return function == null ? assemble(number) : function;
  }

  private synchronized MemorySegment assemble(int number) {
    MemorySegment function = functions[number];
    if (function == null) {
      try {
        function = memory.install(assembler.apply(number));
      } catch (RefusalException e) {
        throw new IllegalStateException(e.sentence(), e);
      }
      functions[number] = function;
    }
    return function;
  }
}
