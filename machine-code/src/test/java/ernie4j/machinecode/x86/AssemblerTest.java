package ernie4j.machinecode.x86;

import static ernie4j.machinecode.x86.Address.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.machinecode.assembler.Disassembler;
import ernie4j.machinecode.assembler.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Assembles every form with many operands and compares it with the output of objdump. */
class AssemblerTest {
  private final Assembler code = new Assembler();
  private final List<String> expected = new ArrayList<>();

  @Test
  void generalRegisters() {
    for (Gpr x : Gpr.values()) {
      for (Gpr y : Gpr.values()) {
        form(c -> c.mov(x, y), "mov %s,%s", x, y);
        form(c -> c.add(x, y), "add %s,%s", x, y);
        form(c -> c.imul(x, y, 12), "imul %s,%s,0xc", x, y);
      }
      form(c -> c.mov(x, 0x123456789abcdef0L), "movabs %s,0x123456789abcdef0", x);
      form(c -> c.add(x, 8), "add %s,0x8", x);
      form(c -> c.add(x, -128), "add %s,0xffffffffffffff80", x);
      form(c -> c.sub(x, 1), "sub %s,0x1", x);
      form(c -> c.and(x, 31), "and %s,0x1f", x);
      form(c -> c.cmp(x, 127), "cmp %s,0x7f", x);
      form(c -> c.push(x), "push %s", x);
      form(c -> c.pop(x), "pop %s", x);
    }
    // RAX has a shorter form for large numbers, which is not used; objdump shows both alike.
    form(c -> c.add(Gpr.R9, 128), "add %s,0x80", Gpr.R9);
    form(c -> c.cmp(Gpr.RCX, 0x7f800000), "cmp %s,0x7f800000", Gpr.RCX);
    form(Assembler::ret, "ret");
    form(Assembler::cpuid, "cpuid");
    form(Assembler::xgetbv, "xgetbv");
    form(Assembler::vzeroupper, "vzeroupper");
    compare();
  }

  @Test
  void generalRegistersInMemory() {
    for (Address address : addresses()) {
      for (Gpr x : List.of(Gpr.RAX, Gpr.RSP, Gpr.R13)) {
        form(c -> c.mov(x, address), "mov %s,QWORD PTR %s", x, text(address));
        form(c -> c.mov(address, x), "mov QWORD PTR %s,%s", text(address), x);
        form(c -> c.lea(x, address), "lea %s,%s", x, text(address));
        form(c -> c.add(x, address), "add %s,QWORD PTR %s", x, text(address));
      }
      form(c -> c.dec(address), "dec QWORD PTR %s", text(address));
    }
    compare();
  }

  @Test
  void vectorsInMemory() {
    for (Address address : addresses()) {
      String place = text(address);
      for (Vector x : registers()) {
        String memory = pointer(x.bits()) + place;
        form(c -> c.vmovups(x, address), "vmovups %s,%s", x, memory);
        form(c -> c.vmovups(address, x), "vmovups %s,%s", memory, x);
        form(c -> c.vbroadcastss(x, address), "vbroadcastss %s,DWORD PTR %s", x, place);
        Vector y = new Vector(9, x.bits());
        form(c -> c.vmulps(x, y, address), "vmulps %s,%s,%s", x, y, memory);
        form(c -> c.vaddps(x, y, address), "vaddps %s,%s,%s", x, y, memory);
        form(c -> c.vsubps(x, y, address), "vsubps %s,%s,%s", x, y, memory);
        form(c -> c.vfmadd231ps(x, y, address), "vfmadd231ps %s,%s,%s", x, y, memory);
        form(c -> c.vpaddd(x, y, address), "vpaddd %s,%s,%s", x, y, memory);
        form(c -> c.vminps(x, y, address), "vminps %s,%s,%s", x, y, memory);
        form(c -> c.vmaxps(x, y, address), "vmaxps %s,%s,%s", x, y, memory);
        form(c -> c.vfmadd213ps(x, y, address), "vfmadd213ps %s,%s,%s", x, y, memory);
        form(c -> c.vpand(x, y, address), "%s %s,%s,%s", whole("vpand", x), x, y, memory);
        if (x.bits() == 512) {
          form(c -> c.vmovups(x, address, Mask.K1), "vmovups %s{k1}{z},%s", x, memory);
          form(c -> c.vmovups(address, x, Mask.K3), "vmovups %s{k3},%s", memory, x);
          form(c -> c.vpmovdb(address, x), "vpmovdb XMMWORD PTR %s,%s", place, x);
        } else {
          form(c -> c.vmaskmovps(x, y, address), "vmaskmovps %s,%s,%s", x, y, memory);
          form(c -> c.vmaskmovps(address, y, x), "vmaskmovps %s,%s,%s", memory, y, x);
          form(c -> c.vmovq(address, x), "vmovq QWORD PTR %s,xmm%d", place, x.number());
          form(c -> c.vmovd(address, x), "vmovd DWORD PTR %s,xmm%d", place, x.number());
          String half = (x.bits() == 256 ? "XMMWORD PTR " : "QWORD PTR ") + place;
          form(c -> c.vpmovsxbw(x, address), "vpmovsxbw %s,%s", x, half);
        }
      }
    }
    compare();
  }

  /** Forms of three registers. */
  private interface Three {
    void append(Assembler code, Vector to, Vector left, Vector right);
  }

  private void three(String name, Three form) {
    for (Vector x : registers()) {
      for (Vector y : registers()) {
        if (x.bits() == y.bits()) {
          Vector z = new Vector(3, x.bits());
          form(c -> form.append(c, x, y, z), "%s %s,%s,%s", name(name, x), x, y, z);
          form(c -> form.append(c, z, x, y), "%s %s,%s,%s", name(name, x), z, x, y);
        }
      }
    }
  }

  @Test
  void threeRegisters() {
    three("vaddps", Assembler::vaddps);
    three("vsubps", Assembler::vsubps);
    three("vmulps", Assembler::vmulps);
    three("vdivps", Assembler::vdivps);
    three("vminps", Assembler::vminps);
    three("vmaxps", Assembler::vmaxps);
    three("vfmadd213ps", Assembler::vfmadd213ps);
    three("vfmadd231ps", Assembler::vfmadd231ps);
    three("vpxor", Assembler::vpxor);
    three("vpand", Assembler::vpand);
    three("vpaddd", Assembler::vpaddd);
    three("vpmaxsd", Assembler::vpmaxsd);
    three("vpmaddwd", Assembler::vpmaddwd);
    three("vpdpbusd", Assembler::vpdpbusd);
    for (Vector x : registers()) {
      if (x.bits() == 512) {
        Vector y = new Vector(21, 512);
        form(c -> c.vdpbf16ps(x, y, x), "vdpbf16ps %s,%s,%s", x, y, x);
        form(c -> c.vdpbf16ps(y, x, y), "vdpbf16ps %s,%s,%s", y, x, y);
      }
    }
    three("vpackssdw", Assembler::vpackssdw);
    three("vpackuswb", Assembler::vpackuswb);
    three("vdivpd", Assembler::vdivpd);
    compare();
  }

  private void two(String name, BiConsumer<Vector, Vector> form) {
    for (Vector x : registers()) {
      Vector y = new Vector(11, x.bits());
      expected.add("%s %s,%s".formatted(name, register(x), register(y)));
      form.accept(x, y);
      expected.add("%s %s,%s".formatted(name, register(y), register(x)));
      form.accept(y, x);
    }
  }

  @Test
  void twoRegisters() {
    two("vmovaps", code::vmovaps);
    two("vcvtdq2ps", code::vcvtdq2ps);
    two("vcvtps2dq", code::vcvtps2dq);
    two("vsqrtpd", code::vsqrtpd);
    for (Vector x : registers()) {
      if (x.bits() < 512) {
        Vector low = x.low(128);
        Vector other = new Vector(12, 128);
        form(c -> c.vcvtps2pd(low, other), "vcvtps2pd %s,%s", low, other);
        form(c -> c.vcvtps2pd(other, low), "vcvtps2pd %s,%s", other, low);
        form(c -> c.vcvtpd2ps(low, other), "vcvtpd2ps %s,%s", low, other);
        form(c -> c.vcvtpd2ps(other, low), "vcvtpd2ps %s,%s", other, low);
      }
    }
    for (Vector x : registers()) {
      Vector from = new Vector(12, x.bits());
      form(c -> c.vpslld(x, from, 23), "vpslld %s,%s,0x17", x, from);
      form(c -> c.vpslld(from, x, 23), "vpslld %s,%s,0x17", from, x);
    }
    for (Vector x : registers()) {
      int n = x.number();
      form(c -> c.vbroadcastss(x, new Vector(5, 128)), "vbroadcastss %s,xmm5", x);
      if (x.bits() == 512) {
        form(c -> c.vcvtneps2bf16(new Vector(7, 256), x), "vcvtneps2bf16 ymm7,%s", x);
      }
      if (x.bits() == 512 && n < 16) {
        form(c -> c.vextracti64x4(x.low(256), x, 1), "vextracti64x4 ymm%d,%s,0x1", n, x);
      } else if (x.bits() == 256) {
        form(c -> c.vextracti128(x.low(128), x, 1), "vextracti128 xmm%d,%s,0x1", n, x);
      }
      if (n < 16) {
        form(c -> c.vmovd(x, Gpr.R9), "vmovd xmm%d,r9d", n);
        form(c -> c.vmovd(Gpr.RDX, x), "vmovd edx,xmm%d", n);
        Vector low = x.low(128);
        form(c -> c.vpshufd(low, low, 0x4e), "vpshufd %s,%s,0x4e", low, low);
      }
    }
    form(c -> c.kmovw(Mask.K1, Gpr.RAX), "kmovw k1,eax");
    form(c -> c.kmovw(Mask.K2, Gpr.R12), "kmovw k2,r12d");
    compare();
  }

  @Test
  void jumps() {
    Label back = new Label();
    Label ahead = new Label();
    code.bind(back);
    code.jmp(ahead); // 0 to 5
    for (Condition condition : Condition.values()) {
      code.jump(condition, back); // 6 bytes each
    }
    code.bind(ahead);
    code.ret();
    assertThat(Disassembler.X86.instructions(code.code()))
        .containsExactly(
            "jmp 0x29", "jb 0x0", "jae 0x0", "je 0x0", "jne 0x0", "jl 0x0", "jge 0x0", "ret");
  }

  @Test
  void alignmentPadsWithNops() {
    code.ret();
    code.align(16);
    assertThat(code.size()).isEqualTo(16);
    assertThat(code.code()).startsWith(0xC3, 0x90).endsWith(0x90);
  }

  @Test
  void refusesWhatCannotBeEncoded() {
    assertThatThrownBy(() -> new Vector(16, 256)).hasMessageContaining("register 16 of 256 bit");
    assertThatThrownBy(() -> new Vector(32, 512)).hasMessageContaining("register 32 of 512 bit");
    assertThatThrownBy(() -> new Vector(0, 64)).hasMessageContaining("not 64");
    assertThatThrownBy(() -> at(Gpr.RAX, Gpr.RSP, 1)).hasMessageContaining("RSP");
    assertThatThrownBy(() -> at(Gpr.RAX, Gpr.RBX, 3)).hasMessageContaining("not 3");
    assertThatThrownBy(() -> code.vmovups(new Vector(0, 256), at(Gpr.RAX), Mask.K1))
        .hasMessageContaining("512 bit");
    Label label = new Label();
    code.jmp(label);
    assertThatThrownBy(code::code).hasMessageContaining("1 jumps");
    code.bind(label);
    assertThatThrownBy(() -> code.bind(label)).hasMessageContaining("bound already");
  }

  private void form(Consumer<Assembler> form, String text, Object... operands) {
    form.accept(code);
    Object[] names = new Object[operands.length];
    for (int i = 0; i < names.length; i++) {
      names[i] =
          operands[i] instanceof Gpr gpr
              ? gpr.name().toLowerCase(Locale.ROOT)
              : operands[i] instanceof Vector vector ? register(vector) : operands[i];
    }
    expected.add(text.formatted(names));
  }

  private void compare() {
    assertThat(Disassembler.X86.instructions(code.code())).containsExactlyElementsOf(expected);
  }

  private static String register(Vector x) {
    return (x.bits() == 512 ? "zmm" : x.bits() == 256 ? "ymm" : "xmm") + x.number();
  }

  private static String pointer(int bits) {
    return (bits == 512 ? "Z" : bits == 256 ? "Y" : "X") + "MMWORD PTR ";
  }

  private static final Set<String> OF_WHOLE_BITS = Set.of("vpxor", "vpand");

  /** Mnemonics of EVEX include the width of the lanes of a mask. */
  private static String name(String name, Vector x) {
    if (name.equals("vpdpbusd") && x.bits() < 512) {
      return "{vex} " + name;
    }
    return OF_WHOLE_BITS.contains(name) ? whole(name, x) : name;
  }

  private static String whole(String name, Vector x) {
    return x.bits() == 512 ? name + "d" : name;
  }

  private static List<Vector> registers() {
    List<Vector> all = new ArrayList<>();
    for (int bits : new int[] {128, 256, 512}) {
      for (int number : new int[] {0, 7, 8, 15, 16, 24, 31}) {
        if (number < 16 || bits == 512) {
          all.add(new Vector(number, bits));
        }
      }
    }
    return all;
  }

  /** All special cases: RSP and RBP, R12 and R13, displacements of one byte and of four. */
  private static List<Address> addresses() {
    List<Address> all = new ArrayList<>();
    for (Gpr base : List.of(Gpr.RAX, Gpr.RSP, Gpr.RBP, Gpr.R8, Gpr.R12, Gpr.R13)) {
      for (int displacement : new int[] {0, 4, -4, 64, -64, 8128, -8192, 127, 128, 65536}) {
        all.add(at(base, displacement));
        all.add(at(base, Gpr.RCX, 1).plus(displacement));
        all.add(at(base, Gpr.RBP, 2).plus(displacement));
        all.add(at(base, Gpr.R13, 4).plus(displacement));
        all.add(at(base, Gpr.R9, 8).plus(displacement));
      }
    }
    return all;
  }

  /** Without a displacement, the encoding of these registers means something else. */
  private static final Set<Gpr> NEED_DISPLACEMENT = Set.of(Gpr.RBP, Gpr.R13);

  private static String text(Address address) {
    StringBuilder text = new StringBuilder("[");
    text.append(lower(address.base()));
    Gpr index = address.index();
    if (index != null) {
      text.append('+').append(lower(index)).append('*').append(address.scale());
    }
    int displacement = address.displacement();
    boolean needed = NEED_DISPLACEMENT.contains(address.base());
    if (displacement > 0 || (needed && displacement == 0)) {
      text.append("+0x").append(Integer.toHexString(displacement));
    } else if (displacement < 0) {
      text.append("-0x").append(Integer.toHexString(-displacement));
    }
    return text.append(']').toString();
  }

  private static String lower(Gpr gpr) {
    return gpr.name().toLowerCase(Locale.ROOT);
  }
}
