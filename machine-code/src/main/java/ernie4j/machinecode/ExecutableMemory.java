package ernie4j.machinecode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory that holds code. It is never writable and executable at once: pages are written, then made
 * executable. If the system refuses that (SELinux execmem, PaX, hardened containers), a memory file
 * is mapped twice, once for writing and once for execution.
 *
 * <p>Each function has pages of its own, so new ones are added without touching those in use. Pages
 * are released once nothing can call the function any more.
 */
final class ExecutableMemory {
  private static final long PAGE = 4096;

  private final SystemCalls system;

  ExecutableMemory(SystemCalls system) {
    this.system = system;
  }

  /**
   * Makes code callable.
   *
   * @throws RefusalException if the operating system provides no executable memory
   */
  MemorySegment install(byte[] code) throws RefusalException {
    long bytes = (code.length + PAGE - 1) / PAGE * PAGE;
    MemorySegment function = turned(code, bytes);
    if (function.byteSize() == 0) {
      function = mappedTwice(code, bytes);
    }
    if (function.byteSize() == 0) {
      throw new RefusalException(
          "The operating system gives no memory that may run code (SELinux execmem, PaX or a"
              + " hardened container?); allow this process executable memory, or turn the machine"
              + " code off.");
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
