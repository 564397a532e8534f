package ernie4j.machinecode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Memory that holds code. It is never writable and executable at once: pages are written, then made
 * executable. If that is refused (SELinux execmem, PaX, hardened containers), a file in memory is
 * mapped twice, once writable and once executable.
 *
 * <p>Each function has its own pages, so that new functions are added without touching existing
 * ones. Pages are released when the function is no longer reachable.
 */
final class ExecutableMemory {
  private static final long PAGE = 4096;

  private final SystemCalls system;
  private final InstructionCache cache;
  private volatile @Nullable RefusalException refusal;

  /**
   * @param cache the instruction cache of the processor that will run the code
   */
  ExecutableMemory(SystemCalls system, InstructionCache cache) {
    this.system = system;
    this.cache = cache;
  }

  /**
   * Returns code that can be called. After a refusal the operating system is not asked again, and
   * no code is assembled in vain.
   *
   * @param assembler returns the code
   * @throws RefusalException if the operating system grants no executable memory
   */
  MemorySegment install(Supplier<byte[]> assembler) {
    RefusalException before = refusal;
    if (before != null) {
      throw before;
    }
    try {
      MemorySegment function = memory(assembler.get());
      cache.publish(function);
      return function;
    } catch (RefusalException e) {
      refusal = e;
      throw e;
    }
  }

  private MemorySegment memory(byte[] code) {
    long bytes = (code.length + PAGE - 1) / PAGE * PAGE;
    MemorySegment function = turned(code, bytes);
    if (function.byteSize() == 0) {
      function = mappedTwice(code, bytes);
    }
    if (function.byteSize() == 0) {
      throw new RefusalException(
          "The operating system grants no executable memory (SELinux execmem, PaX, a hardened"
              + " container, or a limit on memory or mappings?); allow this process executable"
              + " memory, or turn the machine code off.");
    }
    return released(function);
  }

  private MemorySegment turned(byte[] code, long bytes) {
    MemorySegment memory = system.map(bytes, SystemCalls.READ | SystemCalls.WRITE);
    if (memory.byteSize() == 0) {
      return memory;
    }
    SystemCalls.write(code, memory);
    if (!system.protect(memory, SystemCalls.READ | SystemCalls.EXECUTE)) {
      system.unmap(memory);
      return MemorySegment.NULL;
    }
    return memory;
  }

  private MemorySegment mappedTwice(byte[] code, long bytes) {
    int file = system.memoryFile(bytes);
    if (file < 0) {
      return MemorySegment.NULL;
    }
    try {
      MemorySegment writable = system.mapFile(bytes, SystemCalls.READ | SystemCalls.WRITE, file);
      if (writable.byteSize() == 0) {
        return writable;
      }
      SystemCalls.write(code, writable);
      system.unmap(writable);
      return system.mapFile(bytes, SystemCalls.READ | SystemCalls.EXECUTE, file);
    } finally {
      system.close(file);
    }
  }

  @SuppressWarnings("restricted")
  private MemorySegment released(MemorySegment memory) {
    return memory.reinterpret(memory.byteSize(), Arena.ofAuto(), system::unmap);
  }
}
