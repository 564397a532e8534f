package ernie4j.machinecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls a function in native memory with six pointers and six numbers, as the System V convention
 * passes them: in RDI, RSI, RDX, RCX, R8, R9, and after the return address. On AArch64 they are in
 * X0 to X7, and the last four on the stack. Functions of the C library are called with the same
 * signature, because the linker makes classes for each signature (15 ms at start); they ignore
 * surplus arguments.
 *
 * <p>The call is critical: Java arrays are passed in place and no collection starts before it
 * returns. So a call must be short, and a pointer into an array may not outlive it.
 */
final class NativeCall {
  private NativeCall() {}

  @SuppressWarnings("restricted") // Permission has checked that it is allowed
  private static final MethodHandle FUNCTION =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG,
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.critical(true));

  /** Calls with the first four pointers only. */
  static long call(
      MemorySegment function,
      MemorySegment p0,
      MemorySegment p1,
      MemorySegment p2,
      MemorySegment p3,
      long n0,
      long n1,
      long n2,
      long n3,
      long n4,
      long n5) {
    MemorySegment none = MemorySegment.NULL;
    return call(function, p0, p1, p2, p3, none, none, n0, n1, n2, n3, n4, n5);
  }

  static long call(
      MemorySegment function,
      MemorySegment p0,
      MemorySegment p1,
      MemorySegment p2,
      MemorySegment p3,
      MemorySegment p4,
      MemorySegment p5,
      long n0,
      long n1,
      long n2,
      long n3,
      long n4,
      long n5) {
    try {
      return (long) FUNCTION.invokeExact(function, p0, p1, p2, p3, p4, p5, n0, n1, n2, n3, n4, n5);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a native call cannot throw a checked exception", e);
    }
  }
}
