package ernie4j.machinecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls a function in native memory with six pointers and six numbers in the System V calling
 * convention: in RDI, RSI, RDX, RCX, R8, R9, and after the return address. The functions of the C
 * library are called with the same signature, because the linker creates classes for each one (15
 * ms at start-up); they ignore arguments that they do not have.
 *
 * <p>The call is critical: Java arrays are passed in place, and no garbage collection starts before
 * it returns. Calls must therefore be short, and a pointer into an array must not outlive its call.
 */
final class NativeCall {
  private NativeCall() {}

  @SuppressWarnings("restricted") // what Permission has asked for
  private static final MethodHandle FUNCTION =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG,
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.critical(true));

  /** With pointers only in RDI, RSI, RDX and RCX. */
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
