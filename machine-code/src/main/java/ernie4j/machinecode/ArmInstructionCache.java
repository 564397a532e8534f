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
 * AArch64 has separate caches for instructions, which do not see what is written. For each function
 * the lines are written back to where both caches meet, and dropped from the caches of
 * instructions; then every core that runs a thread of this process is made to fetch anew.
 *
 * <p>The function that does so is generated, too. It lies in a fresh mapping, which no core has
 * fetched from, and whose pages Linux has made visible when they were turned to run.
 */
final class ArmInstructionCache implements InstructionCache {
  private final SystemCalls system;
  private final MemorySegment publish;

  /**
   * @throws RefusalException if the operating system does not help
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
          "The operating system does not let new machine code reach all cores (membarrier with"
              + " sync-core), so other kernels are used; run Linux 4.16 or newer, or allow this"
              + " process the system call.");
    }
  }

  /** Arguments: an address and, as the first number, how many bytes from there on. */
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
   * A loop over lines, from the one that holds the first byte on.
   *
   * @param field the lowest of the four bits that say how large a line is: 4 bytes times a power of
   *     two
   * @param body what to do with the line at X3
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
