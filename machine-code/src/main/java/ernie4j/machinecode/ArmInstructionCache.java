package ernie4j.machinecode;

import static ernie4j.machinecode.aarch64.Gpr.X0;
import static ernie4j.machinecode.aarch64.Gpr.X1;
import static ernie4j.machinecode.aarch64.Gpr.X2;
import static ernie4j.machinecode.aarch64.Gpr.X3;
import static ernie4j.machinecode.aarch64.Gpr.X6;

import ernie4j.machinecode.aarch64.Assembler;
import ernie4j.machinecode.aarch64.Condition;
import ernie4j.machinecode.aarch64.Gpr;
import ernie4j.machinecode.assembler.Label;
import java.lang.foreign.MemorySegment;

/**
 * AArch64 has separate instruction caches, which do not see what is written. For each function the
 * lines are written back to the point where both caches meet, and invalidated in the instruction
 * caches. Then every core that runs a thread of this process must fetch its instructions again.
 *
 * <p>The function that does this is generated, too. It lies in a fresh mapping, from which no core
 * has fetched; Linux made its pages visible when they became executable.
 */
final class ArmInstructionCache implements InstructionCache {
  private final SystemCalls system;
  private final MemorySegment publish;

  /**
   * @throws RefusalException if the operating system does not support this
   */
  ArmInstructionCache(SystemCalls system) {
    this.system = system;
    publish = new ExecutableMemory(system, COHERENT).install(ArmInstructionCache::code);
    check(system.registerCoreSynchronization());
  }

  @Override
  public void publish(MemorySegment code) {
    MemorySegment none = MemorySegment.NULL;
    NativeCall.call(publish, code, none, none, none, code.byteSize(), 0, 0, 0, 0, 0);
    check(system.synchronizeCores());
  }

  private static void check(boolean done) {
    if (!done) {
      throw new RefusalException(
          "The operating system cannot make new machine code visible to all cores (membarrier with"
              + " sync-core), so other kernels are used; run Linux 4.16 or newer, or allow this"
              + " process to make the system call.");
    }
  }

  /** Arguments: an address and, as the first number, the number of bytes that start there. */
  static byte[] code() {
    Assembler code = new Assembler();
    Gpr from = X0;
    Gpr end = X1;
    Gpr sizes = X2;
    code.add(end, X0, X6);
    code.mrsCtr(sizes);
    forEachLine(code, from, end, sizes, 16, () -> code.dcCvau(X3));
    code.dsbIsh();
    forEachLine(code, from, end, sizes, 0, () -> code.icIvau(X3));
    code.dsbIsh();
    code.isb();
    code.ret();
    return code.code();
  }

  /**
   * A loop over lines, starting with the one that holds the first byte.
   *
   * @param field the lowest of the four bits with the size of a line: 4 bytes times 2 to the power
   *     of this number
   * @param body processes the line at X3
   */
  private static void forEachLine(
      Assembler code, Gpr from, Gpr end, Gpr sizes, int field, Runnable body) {
    Gpr line = X3;
    Gpr size = Gpr.X4;
    Gpr mask = Gpr.X5;
    Label loop = new Label();
    code.ubfx(mask, sizes, field, 4);
    code.mov(size, 4);
    code.lsl(size, size, mask);
    code.sub(mask, size, 1);
    code.bic(line, from, mask);
    code.bind(loop);
    body.run();
    code.add(line, line, size);
    code.cmp(line, end);
    code.b(Condition.LOWER, loop);
  }
}
