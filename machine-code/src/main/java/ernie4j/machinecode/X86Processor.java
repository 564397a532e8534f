package ernie4j.machinecode;

import static ernie4j.machinecode.x86.Address.at;
import static ernie4j.machinecode.x86.Gpr.R10;
import static ernie4j.machinecode.x86.Gpr.RAX;
import static ernie4j.machinecode.x86.Gpr.RBX;
import static ernie4j.machinecode.x86.Gpr.RCX;
import static ernie4j.machinecode.x86.Gpr.RDI;
import static ernie4j.machinecode.x86.Gpr.RDX;
import static ernie4j.machinecode.x86.Gpr.RSP;

import ernie4j.machinecode.x86.Assembler;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What an x86-64 processor supports, as far as the operating system saves the registers.
 *
 * @param avx2 AVX2 and FMA
 * @param avx512Vnni AVX-512 F and VNNI
 * @param avxVnni AVX-VNNI
 * @param avx512Bfloat16 AVX-512 F and BF16
 */
record X86Processor(boolean avx2, boolean avx512Vnni, boolean avxVnni, boolean avx512Bfloat16)
    implements Processor {
  /** The answers of CPUID and XGETBV. */
  interface Answers {
    /** EAX, EBX, ECX and EDX of a leaf. */
    long[] leaf(int number, int part);

    /** XCR0: the registers that the operating system saves; called only if XGETBV exists. */
    long savedState();
  }

  private static final long YMM_SAVED = 0x06;
  private static final long ZMM_SAVED = 0xE6;

  static X86Processor of(Answers answers) {
    long highest = answers.leaf(0, 0)[0];
    long basic = answers.leaf(1, 0)[2];
    boolean saves = bit(basic, 27); // OSXSAVE
    if (highest < 7 || !saves) {
      return new X86Processor(false, false, false, false);
    }
    long saved = answers.savedState();
    long[] extended = answers.leaf(7, 0);
    boolean avx2 = bit(basic, 12) && bit(basic, 28) && bit(extended[1], 5) && has(saved, YMM_SAVED);
    boolean avx512 = avx2 && bit(extended[1], 16) && has(saved, ZMM_SAVED);
    long further = extended[0] >= 1 ? answers.leaf(7, 1)[0] : 0;
    return new X86Processor(
        avx2, avx512 && bit(extended[2], 11), avx2 && bit(further, 4), avx512 && bit(further, 5));
  }

  private static boolean bit(long value, int bit) {
    return ((value >> bit) & 1) != 0;
  }

  private static boolean has(long value, long bits) {
    return (value & bits) == bits;
  }

  @Override
  public List<Int8Form> forms() {
    List<Int8Form> forms = new ArrayList<>();
    if (avx2) {
      forms.add(Int8Form.AVX2);
    }
    if (avxVnni) {
      forms.add(Int8Form.AVX_VNNI);
    }
    if (avx512Vnni) {
      forms.add(Int8Form.AVX512_VNNI);
    }
    return forms;
  }

  @Override
  public boolean bfloat16() {
    return avx512Bfloat16;
  }

  @Override
  public String need() {
    return "AVX2 and FMA whose registers the operating system saves";
  }

  /** Asks the processor itself, with two functions generated for this. */
  static X86Processor detect(ExecutableMemory memory) {
    MemorySegment cpuid = memory.install(X86Processor::cpuid);
    MemorySegment xgetbv = memory.install(X86Processor::xgetbv);
    return of(
        new Answers() {
          @Override
          public long[] leaf(int number, int part) {
            long[] answer = new long[4];
            MemorySegment none = MemorySegment.NULL;
            NativeCall.call(
                cpuid, MemorySegment.ofArray(answer), none, none, none, number, part, 0, 0, 0, 0);
            return answer;
          }

          @Override
          public long savedState() {
            MemorySegment none = MemorySegment.NULL;
            return NativeCall.call(xgetbv, none, none, none, none, 0, 0, 0, 0, 0, 0);
          }
        });
  }

  private static byte[] cpuid() {
    Assembler code = new Assembler();
    code.push(RBX);
    code.mov(R10, RDI);
    code.mov(RAX, at(RSP, 16)); // after RBX and the return address
    code.mov(RCX, at(RSP, 24));
    code.cpuid();
    code.mov(at(R10), RAX);
    code.mov(at(R10, 8), RBX);
    code.mov(at(R10, 16), RCX);
    code.mov(at(R10, 24), RDX);
    code.pop(RBX);
    code.ret();
    return code.code();
  }

  private static byte[] xgetbv() {
    Assembler code = new Assembler();
    code.mov(RCX, 0);
    code.xgetbv();
    code.ret();
    return code.code();
  }
}
