package ernie4j.machinecode;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The functions of the C library that provide executable memory and make code in it visible, as on
 * 64-bit Linux.
 */
class SystemCalls {
  static final int READ = 1;
  static final int WRITE = 2;
  static final int EXECUTE = 4;

  private static final int SHARED = 1;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final int CLOSE_ON_EXEC = 1;

  // The arguments of getauxval.
  private static final int CAPABILITIES = 16; // AT_HWCAP
  private static final int FURTHER_CAPABILITIES = 26; // AT_HWCAP2

  // The C library has no function for membarrier; this is its system call number on AArch64.
  private static final int MEMBARRIER = 283;
  private static final int PRIVATE_SYNC_CORE = 1 << 5;
  private static final int REGISTER_PRIVATE_SYNC_CORE = 1 << 6;

  private static final MemorySegment NONE = MemorySegment.NULL;

  private final SymbolLookup symbols = Linker.nativeLinker().defaultLookup();

  /** Fresh memory, all zero; empty if it is refused. */
  MemorySegment map(long bytes, int protection) {
    return map(bytes, protection, PRIVATE_ANONYMOUS, -1);
  }

  /** The memory of a file made by {@link #memoryFile}. */
  MemorySegment mapFile(long bytes, int protection, int file) {
    return map(bytes, protection, SHARED, file);
  }

  @SuppressWarnings("restricted")
  private MemorySegment map(long bytes, int protection, int flags, int file) {
    long address = call("mmap", NONE, bytes, protection, flags, file, 0);
    return address == -1 ? NONE : MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  void unmap(MemorySegment memory) {
    call("munmap", memory, memory.byteSize(), 0, 0, 0, 0);
  }

  boolean protect(MemorySegment memory, int protection) {
    return (int) call("mprotect", memory, memory.byteSize(), protection, 0, 0, 0) == 0;
  }

  /** A file without a name that lies in memory; negative if it is refused. */
  int memoryFile(long bytes) {
    byte[] name = "ernie4j\0".getBytes(StandardCharsets.US_ASCII);
    int file = (int) call("memfd_create", MemorySegment.ofArray(name), CLOSE_ON_EXEC, 0, 0, 0, 0);
    if (file >= 0
        && (int) call("ftruncate", MemorySegment.ofAddress(file), bytes, 0, 0, 0, 0) != 0) {
      close(file);
      return -1;
    }
    return file;
  }

  void close(int file) {
    call("close", MemorySegment.ofAddress(file), 0, 0, 0, 0, 0);
  }

  /** What the kernel reports about an AArch64 processor, in the bits of AT_HWCAP. */
  long capabilities() {
    return auxiliaryValue(CAPABILITIES);
  }

  /** The same in the bits of AT_HWCAP2. */
  long furtherCapabilities() {
    return auxiliaryValue(FURTHER_CAPABILITIES);
  }

  private long auxiliaryValue(int type) {
    long value = call("getauxval", MemorySegment.ofAddress(type), 0, 0, 0, 0, 0);
    return value == -1 ? 0 : value;
  }

  /** Must be called once before {@link #synchronizeCores}; AArch64 only. */
  boolean registerCoreSynchronization() {
    return membarrier(REGISTER_PRIVATE_SYNC_CORE);
  }

  /** Makes every core that runs a thread of this process refetch instructions; AArch64 only. */
  boolean synchronizeCores() {
    return membarrier(PRIVATE_SYNC_CORE);
  }

  private boolean membarrier(int command) {
    return call("syscall", MemorySegment.ofAddress(MEMBARRIER), command, 0, 0, 0, 0) == 0;
  }

  /** Calls a function with up to six arguments; -1 if the library does not have it. */
  private long call(String name, MemorySegment a0, long a1, long a2, long a3, long a4, long a5) {
    MemorySegment function = symbols.find(name).orElse(NONE);
    if (function.equals(NONE)) {
      return -1;
    }
    return NativeCall.call(
        function,
        a0,
        MemorySegment.ofAddress(a1),
        MemorySegment.ofAddress(a2),
        MemorySegment.ofAddress(a3),
        MemorySegment.ofAddress(a4),
        MemorySegment.ofAddress(a5),
        0,
        0,
        0,
        0,
        0,
        0);
  }

  /** Copies bytes to the start of memory. */
  static void write(byte[] bytes, MemorySegment memory) {
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }
}
